package desk

import (
	"context"
	"crypto/md5" //nolint:gosec // the digest of SIP telephones is this one
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Lines to carriers, telephones and the dial plan: what an administrator sets,
// and what the telephone's door asks.

// TrunkChange is what an administrator changes of a line; what is nil stays. The
// password is only ever written.
type TrunkChange struct {
	Name     *string   `json:"name,omitempty" maxLength:"100"`
	Enabled  *bool     `json:"enabled,omitempty" doc:"false: no call comes or goes there"`
	Host     *string   `json:"host,omitempty" maxLength:"253" doc:"where calls go: an address or a name"`
	Port     *int      `json:"port,omitempty" minimum:"0" maximum:"65535" doc:"0: the usual one"`
	Network  *string   `json:"network,omitempty" enum:"udp,tcp,tls"`
	From     *[]string `json:"from,omitempty" doc:"addresses and networks whose calls are the carrier's"`
	Number   *string   `json:"number,omitempty" maxLength:"30" doc:"shown to those who are called"`
	User     *string   `json:"user,omitempty" maxLength:"100"`
	Password *string   `json:"password,omitempty" maxLength:"500" doc:"left out it stays; empty takes it away"`
	Register *bool     `json:"register,omitempty" doc:"keep ourselves known to the carrier"`
	Watch    *int      `json:"watch,omitempty" doc:"ask this often whether the carrier is there, in seconds; 0: never"`
	Secure   *bool     `json:"secure,omitempty" doc:"sealed sound only"`
	Version  int64     `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

// set writes a value where one is given, and names its field.
func set[T any](into, from *T, name string, fields *[]string) {
	if from != nil {
		*into = *from
		*fields = append(*fields, name)
	}
}

func (c TrunkChange) apply(t call.Trunk, now time.Time) (call.Trunk, []string) {
	fields := []string{}
	set(&t.Name, c.Name, "name", &fields)
	set(&t.Enabled, c.Enabled, "enabled", &fields)
	set(&t.Host, c.Host, "host", &fields)
	set(&t.Port, c.Port, "port", &fields)
	set(&t.Network, c.Network, "network", &fields)
	set(&t.From, c.From, "from", &fields)
	set(&t.Number, c.Number, "number", &fields)
	set(&t.User, c.User, "user", &fields)
	set(&t.Register, c.Register, "register", &fields)
	set(&t.Watch, c.Watch, "watch", &fields)
	set(&t.Secure, c.Secure, "secure", &fields)
	if c.Password != nil {
		set(&t.Password, c.Password, "password", &fields)
		if t.SetAt = now; t.Password == "" {
			t.SetAt = time.Time{}
		}
	}
	return t, fields
}

// Trunks returns all lines, the oldest first. Their passwords are readable;
// whoever shows them leaves them out.
func (d *Desk) Trunks(ctx context.Context, by agent.Actor) (all []call.Trunk, err error) {
	defer fault.Wrap(&err, "list lines")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	records, err := d.DB.Now().Trunks(ctx)
	return d.openTrunks(ctx, records), err
}

func (d *Desk) openTrunks(ctx context.Context, records []store.TrunkRecord) []call.Trunk {
	all := make([]call.Trunk, 0, len(records))
	for _, r := range records {
		all = append(all, d.openTrunk(ctx, r))
	}
	return all
}

// openTrunk returns a line with its password readable. One that the key does not
// open any more is as if it was not set, and has to be entered again.
func (d *Desk) openTrunk(ctx context.Context, r store.TrunkRecord) call.Trunk {
	t := r.Trunk
	var ok bool
	if t.Password, ok = d.openVoice(ctx, r.Sealed, t.Name); !ok {
		t.SetAt = time.Time{}
	}
	return t
}

func (d *Desk) openVoice(ctx context.Context, sealed, of string) (string, bool) {
	if sealed == "" || d.SealVoice == nil {
		return sealed, true
	}
	plain, err := d.SealVoice.Open(sealed)
	if err != nil {
		d.Log.ErrorContext(ctx, "the password of a line or a telephone cannot be read; enter it again", slog.String("of", of), slog.Any("error", err))
		return "", false
	}
	return string(plain), true
}

func (d *Desk) sealVoice(plain string) string {
	if plain == "" || d.SealVoice == nil {
		return plain
	}
	return d.SealVoice.Seal([]byte(plain))
}

// CreateTrunk adds a line. What the change does not name has its default; the
// name is the host.
func (d *Desk) CreateTrunk(ctx context.Context, by agent.Actor, c TrunkChange) (t call.Trunk, err error) {
	defer fault.Wrap(&err, "create a line")
	if err := by.Need(agent.ChannelManage); err != nil {
		return t, err
	}
	t, _ = c.apply(call.NewTrunk(d.Now()), d.Now())
	if strings.TrimSpace(t.Name) == "" {
		t.Name = t.Host
	}
	if t, err = t.Check(); err != nil {
		return t, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := trunkNamed(ctx, tx, t); err != nil {
			return err
		}
		if err := tx.InsertTrunk(ctx, t, d.sealVoice(t.Password)); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, "trunk.create", audit.Of("trunk", t.ID, t.Name), nil)
	})
	return t, err
}

// trunkNamed refuses a name that another line has: the door knows lines by their
// names.
func trunkNamed(ctx context.Context, tx *store.Tx, t call.Trunk) error {
	all, err := tx.Trunks(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o store.TrunkRecord) bool { return o.ID != t.ID && o.Name == t.Name }) {
		return fault.New(fault.Conflict, "trunk.taken", "another line has the name %q already", t.Name).In("name")
	}
	return nil
}

// ChangeTrunk changes a line. It is a Conflict if somebody changed it since the
// version that was read.
func (d *Desk) ChangeTrunk(ctx context.Context, by agent.Actor, i call.TrunkID, c TrunkChange) (t call.Trunk, err error) {
	defer fault.Wrap(&err, "change line %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return t, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Trunk(ctx, i)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != r.Version {
			return errChanged
		}
		was := d.openTrunk(ctx, r)
		var fields []string
		t, fields = c.apply(was, d.Now())
		if t, err = t.Check(); err != nil {
			return err
		}
		if was.Password != "" && c.Password == nil && t.Host != was.Host {
			return fault.New(fault.Invalid, "mailbox.again", "the server is another one now; enter the password again").In("password")
		}
		if err := trunkNamed(ctx, tx, t); err != nil {
			return err
		}
		if err := tx.SaveTrunk(ctx, t, d.sealVoice(t.Password)); err != nil {
			return err
		}
		t.Version++
		return d.linesChanged(ctx, tx, by, "trunk.change", audit.Of("trunk", t.ID, t.Name), map[string]any{"fields": fields})
	})
	return t, err
}

// RemoveTrunk takes a line away, from the dial plan too. Calls that go through it
// now go on.
func (d *Desk) RemoveTrunk(ctx context.Context, by agent.Actor, i call.TrunkID) (err error) {
	defer fault.Wrap(&err, "remove line %s", i)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Trunk(ctx, i)
		if err != nil {
			return err
		}
		p, err := tx.DialPlanToChange(ctx)
		if err != nil {
			return err
		}
		if slices.Contains(p.Trunks, i) || slices.ContainsFunc(p.Rules, func(r call.Rule) bool { return r.Trunk == i }) {
			p = p.Without(i)
			p.Version++
			if err := tx.SaveDialPlan(ctx, p, d.Now()); err != nil {
				return err
			}
		}
		if _, err := tx.DeleteTrunk(ctx, i); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, "trunk.remove", audit.Of("trunk", i, r.Name), nil)
	})
}

// linesChanged records a change of what the telephone's door is set up with, and
// lets every program read it anew.
func (d *Desk) linesChanged(ctx context.Context, tx *store.Tx, by agent.Actor, action string, o audit.Object, detail map[string]any) error {
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, o, detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}

// TrunksForDoor returns the lines that are on, with their passwords, in the order
// in which the dial plan tries them.
func (d *Desk) TrunksForDoor(ctx context.Context) (all []call.Trunk, err error) {
	defer fault.Wrap(&err, "read the lines")
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		records, err := tx.Trunks(ctx)
		if err != nil {
			return err
		}
		p, err := tx.DialPlan(ctx)
		if err != nil {
			return err
		}
		on := slices.DeleteFunc(d.openTrunks(ctx, records), func(t call.Trunk) bool { return !t.Enabled })
		all = p.Ordered(on)
		return nil
	})
	return all, err
}

// PhoneChange is what an administrator changes of a telephone; what is nil stays.
type PhoneChange struct {
	Name    *string       `json:"name,omitempty" maxLength:"100" doc:"where it stands, or what it is"`
	Agent   *agent.ID     `json:"agent_id,omitempty" doc:"whose it is; empty: nobody's"`
	Enabled *bool         `json:"enabled,omitempty" doc:"false: it cannot register"`
	May     *[]call.Class `json:"may,omitempty" doc:"the classes of numbers that it may call"`
	Usual   bool          `json:"usual,omitempty" doc:"it may call what its agent may; may is left out"`
	Version int64         `json:"version,omitempty" doc:"the version that was read; a newer one is a conflict"`
}

func (c PhoneChange) apply(p call.Phone) (call.Phone, []string) {
	fields := []string{}
	set(&p.Name, c.Name, "name", &fields)
	set(&p.Agent, c.Agent, "agent_id", &fields)
	set(&p.Enabled, c.Enabled, "enabled", &fields)
	set(&p.May, c.May, "may", &fields)
	if c.Usual {
		p.May = nil
		fields = append(fields, "may")
	}
	return p, fields
}

// Phones returns all telephones, by their numbers.
func (d *Desk) Phones(ctx context.Context, by agent.Actor) (all []call.Phone, err error) {
	defer fault.Wrap(&err, "list telephones")
	if err := by.Need(agent.ChannelManage); err != nil {
		return nil, err
	}
	records, err := d.DB.Now().Phones(ctx)
	all = make([]call.Phone, 0, len(records))
	for _, r := range records {
		all = append(all, r.Phone)
	}
	return all, err
}

// CreatePhone adds a telephone, and returns the password that it registers with:
// it is shown this once.
func (d *Desk) CreatePhone(ctx context.Context, by agent.Actor, user string, c PhoneChange) (p call.Phone, password string, err error) {
	defer fault.Wrap(&err, "create a telephone")
	if err := by.Need(agent.ChannelManage); err != nil {
		return p, "", err
	}
	now := d.Now()
	p, _ = c.apply(call.Phone{User: user, Enabled: true, MadeAt: now, Version: 1})
	if p, err = p.Check(); err != nil {
		return p, "", err
	}
	p, password = withPassword(p, now)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := agentExists(ctx, tx, p.Agent); err != nil {
			return err
		}
		if err := tx.InsertPhone(ctx, p, d.sealVoice(p.HA1)); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, "phone.create", phoneObject(p), map[string]any{"agent": p.Agent.String()})
	})
	if err != nil {
		return p, "", err
	}
	return p, password, nil
}

func phoneObject(p call.Phone) audit.Object {
	return audit.Object{Kind: "phone", ID: p.User, Name: p.Name}
}

func agentExists(ctx context.Context, tx *store.Tx, i agent.ID) error {
	if i.IsZero() {
		return nil
	}
	_, err := tx.Agent(ctx, i)
	return err
}

// withPassword gives a telephone a new password: 120 bits, in letters and digits
// that can be typed on one.
func withPassword(p call.Phone, now time.Time) (call.Phone, string) {
	password := strings.ToLower(rand.Text())[:24]
	b := md5.Sum([]byte(p.User + ":" + call.Realm + ":" + password)) //nolint:gosec // as above
	p.HA1, p.SetAt = hex.EncodeToString(b[:]), now
	return p, password
}

// ChangePhone changes a telephone. It is a Conflict if somebody changed it since
// the version that was read.
func (d *Desk) ChangePhone(ctx context.Context, by agent.Actor, user string, c PhoneChange) (p call.Phone, err error) {
	defer fault.Wrap(&err, "change telephone %s", user)
	return d.changePhone(ctx, by, user, c.Version, "phone.change", func(was call.Phone) (call.Phone, []string) { return c.apply(was) })
}

// RenewPhone gives a telephone a new password, and returns it: it is shown this
// once. The old one is worth nothing from now on.
func (d *Desk) RenewPhone(ctx context.Context, by agent.Actor, user string) (p call.Phone, password string, err error) {
	defer fault.Wrap(&err, "renew the password of telephone %s", user)
	p, err = d.changePhone(ctx, by, user, 0, "phone.renew", func(was call.Phone) (call.Phone, []string) {
		p, password = withPassword(was, d.Now())
		return p, []string{"password"}
	})
	if err != nil {
		return p, "", err
	}
	return p, password, nil
}

func (d *Desk) changePhone(ctx context.Context, by agent.Actor, user string, version int64, action string, to func(call.Phone) (call.Phone, []string)) (p call.Phone, err error) {
	if err := by.Need(agent.ChannelManage); err != nil {
		return p, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Phone(ctx, user)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return errChanged
		}
		r.HA1, _ = d.openVoice(ctx, r.Sealed, user)
		var fields []string
		if p, fields = to(r.Phone); slices.Contains(fields, "agent_id") {
			if err := agentExists(ctx, tx, p.Agent); err != nil {
				return err
			}
		}
		if p, err = p.Check(); err != nil {
			return err
		}
		if err := tx.SavePhone(ctx, p, d.sealVoice(p.HA1)); err != nil {
			return err
		}
		p.Version++
		if err := d.countTelephones(ctx, tx, agentsOf(r.Agent, p.Agent)); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, action, phoneObject(p), map[string]any{"fields": fields})
	})
	return p, err
}

// agentsOf are the agents among those who have had a telephone and have it now,
// each once.
func agentsOf(who ...agent.ID) []agent.ID {
	slices.Sort(who)
	return slices.DeleteFunc(slices.Compact(who), agent.ID.IsZero)
}

// RemovePhone takes a telephone away: it cannot register any more.
func (d *Desk) RemovePhone(ctx context.Context, by agent.Actor, user string) (err error) {
	defer fault.Wrap(&err, "remove telephone %s", user)
	if err := by.Need(agent.ChannelManage); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Phone(ctx, user)
		if err != nil {
			return err
		}
		if _, err := tx.DeletePhone(ctx, user); err != nil {
			return err
		}
		if err := d.countTelephones(ctx, tx, agentsOf(r.Agent)); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, "phone.remove", phoneObject(r.Phone), nil)
	})
}

// phoneAsk is how long the door waits to be told of a telephone.
const phoneAsk = 2 * time.Second

// PhoneDigest returns what is kept of a telephone's password, if it may register.
func (d *Desk) PhoneDigest(user string) (ha1 string, ok bool) {
	ctx, done := context.WithTimeout(context.Background(), phoneAsk)
	defer done()
	r, err := d.DB.Now().Phone(ctx, user)
	if err != nil {
		if fault.KindOf(err) != fault.NotFound {
			d.Log.ErrorContext(ctx, "a telephone cannot be read", slog.String("phone", user), slog.Any("error", err))
		}
		return "", false
	}
	if ha1, ok = d.openVoice(ctx, r.Sealed, user); ha1 == "" || !r.Enabled {
		return "", false
	}
	return ha1, ok
}

// Digest is PhoneDigest, as the telephone's door asks for it.
func (d *Desk) Digest(user string) (ha1 string, ok bool) { return d.PhoneDigest(user) }

// PhonesOf returns the numbers of the telephones of an agent that are on.
func (d *Desk) PhonesOf(ctx context.Context, who agent.ID) (users []string, err error) {
	defer fault.Wrap(&err, "read the telephones of %s", who)
	records, err := d.DB.Now().PhonesOf(ctx, who)
	for _, r := range records {
		if r.Enabled {
			users = append(users, r.User)
		}
	}
	return users, err
}

// AgentOfPhone returns whose telephone it is; none if it is nobody's, or off.
func (d *Desk) AgentOfPhone(ctx context.Context, user string) (agent.ID, error) {
	r, err := d.DB.Now().Phone(ctx, user)
	if err != nil || !r.Enabled {
		return 0, err
	}
	return r.Agent, nil
}

// PhoneMay returns the classes of numbers that a telephone may call.
func (d *Desk) PhoneMay(ctx context.Context, user string) (may []call.Class, err error) {
	defer fault.Wrap(&err, "read what telephone %s may call", user)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err := tx.Phone(ctx, user)
		if err != nil {
			return err
		}
		if may = r.May; may == nil {
			may, err = mayOf(ctx, tx, r.Agent)
		}
		return err
	})
	return may, err
}

// AgentMay returns the classes of numbers that an agent may call.
func (d *Desk) AgentMay(ctx context.Context, who agent.ID) (may []call.Class, err error) {
	defer fault.Wrap(&err, "read what %s may call", who)
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		may, err = mayOf(ctx, tx, who)
		return err
	})
	return may, err
}

func mayOf(ctx context.Context, tx *store.Tx, who agent.ID) ([]call.Class, error) {
	p, err := tx.DialPlan(ctx)
	if err != nil || who.IsZero() {
		return p.May, err
	}
	roles, err := tx.RolesOf(ctx, who)
	if err != nil {
		return nil, err
	}
	ids := make([]agent.RoleID, 0, len(roles))
	for _, r := range roles {
		ids = append(ids, r.ID)
	}
	return p.MayOf(ids), nil
}

// DialPlan returns where numbers lead and who may call what.
func (d *Desk) DialPlan(ctx context.Context) (call.Plan, error) {
	return d.DB.Now().DialPlan(ctx)
}

// ChangeDialPlan writes the dial plan. It is a Conflict if somebody changed it
// since the version that was read.
func (d *Desk) ChangeDialPlan(ctx context.Context, by agent.Actor, p call.Plan) (_ call.Plan, err error) {
	defer fault.Wrap(&err, "change the dial plan")
	if err := by.Need(agent.ChannelManage); err != nil {
		return p, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.DialPlanToChange(ctx)
		if err != nil {
			return err
		}
		if was.Version != p.Version {
			return errChanged
		}
		lines, err := tx.Trunks(ctx)
		if err != nil {
			return err
		}
		roles, err := tx.Roles(ctx)
		if err != nil {
			return err
		}
		var trunkIDs []call.TrunkID
		for _, t := range lines {
			trunkIDs = append(trunkIDs, t.ID)
		}
		var roleIDs []agent.RoleID
		for _, r := range roles {
			roleIDs = append(roleIDs, r.ID)
		}
		if p, err = p.Check(trunkIDs, roleIDs); err != nil {
			return err
		}
		p.Version++
		if err := tx.SaveDialPlan(ctx, p, d.Now()); err != nil {
			return err
		}
		return d.linesChanged(ctx, tx, by, "setting.change", audit.Object{Kind: "setting", ID: "dial_plan"}, map[string]any{"from": was, "to": p})
	})
	return p, err
}
