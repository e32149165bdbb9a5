package contact

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/tag"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ImportID names an import.
type ImportID = id.ID[importNoun]

type importNoun struct{}

func (importNoun) Prefix() string { return "im" }

// NewImportID returns the id of an import.
func NewImportID(at time.Time) ImportID { return id.New[importNoun](at) }

// ImportState is how far an import is.
type ImportState string

// The states of an import.
const (
	ImportDraft     ImportState = "draft"     // uploaded; its columns are being matched
	ImportRunning   ImportState = "running"   // rows are taken in
	ImportAsking    ImportState = "asking"    // all were looked at; some rows wait for an answer
	ImportDone      ImportState = "done"      // over
	ImportCancelled ImportState = "cancelled" // stopped by a person; what was taken in stays
)

// OnDuplicate is what becomes of a row about somebody who is known already.
type OnDuplicate string

// What becomes of it.
const (
	SkipDuplicates   OnDuplicate = "skip"
	UpdateDuplicates OnDuplicate = "update"
	AskDuplicates    OnDuplicate = "ask"
)

// Import is a table of customers that is taken in (导入).
type Import struct {
	ID       ImportID    `json:"id"`
	State    ImportState `json:"state" enum:"draft,running,asking,done,cancelled"`
	Name     string      `json:"name"` // of the file
	Blob     string      `json:"-"`
	Encoding string      `json:"encoding"`
	Comma    string      `json:"comma"`
	Columns  []string    `json:"columns"` // as the first row names them
	Map      []string    `json:"map"`     // the field that each column fills; empty fills none
	On       OnDuplicate `json:"on_duplicate" enum:"skip,update,ask"`
	Rows     int         `json:"rows"` // without the first
	Looked   int         `json:"looked"`
	Added    int         `json:"added"`
	Updated  int         `json:"updated"`
	Skipped  int         `json:"skipped"`
	Refused  int         `json:"refused"`
	Asked    int         `json:"asked"`
	At       time.Time   `json:"at"`
	EndedAt  time.Time   `json:"ended_at,omitzero"`
	LostAt   time.Time   `json:"lost_at,omitzero" doc:"when the rows that were not taken in were forgotten"`
	Agent    agent.ID    `json:"agent_id,omitzero"`
	By       string      `json:"by_name"`
	Version  int64       `json:"version"`
}

// Bounds of imports.
const (
	MaxColumns    = 60
	MaxImportRows = 1_000_000
	MaxImportSize = 200 << 20 // bytes
)

// ImportKept is how long rows that were not taken in are kept to be put right,
// and a table that nobody goes on with: personal data are kept no longer than
// their purpose needs (个人信息保护法, article 19).
const ImportKept = 30 * 24 * time.Hour

// ImportFields are the fields that a column can fill, beside those that an
// administrator defined.
func ImportFields() []string {
	return []string{"name", "phone", "email", "external_id", "language", "tags", "note"}
}

// words are those by which columns are recognised, folded.
var columnWords = map[string][]string{
	"name":        {"name", "姓名", "名字", "客户", "客户姓名", "称呼", "fullname", "customer"},
	"phone":       {"phone", "mobile", "tel", "telephone", "电话", "手机", "手机号", "手机号码", "联系电话", "电话号码"},
	"email":       {"email", "e-mail", "mail", "邮箱", "电子邮箱", "邮件", "电子邮件"},
	"external_id": {"id", "external_id", "externalid", "编号", "客户编号", "会员号", "外部编号"},
	"language":    {"language", "lang", "语言"},
	"tags":        {"tag", "tags", "标签"},
	"note":        {"note", "notes", "remark", "备注", "说明"},
}

// GuessMap returns which field each column most likely fills.
func GuessMap(columns []string, fs Fields) []string {
	m := make([]string, len(columns))
	for i, c := range columns {
		word := strings.ToLower(strings.TrimSpace(c))
		for field, words := range columnWords {
			if slices.Contains(words, word) && !slices.Contains(m, field) {
				m[i] = field
			}
		}
		for _, f := range fs {
			if to := AttributeField(f.Code); m[i] == "" && (word == f.Code || c == f.Name.Zh || strings.EqualFold(c, f.Name.En)) && !slices.Contains(m, to) {
				m[i] = to
			}
		}
	}
	return m
}

// CheckMap says what is wrong with a matching of columns to fields.
func (im Import) CheckMap(by agent.Actor, fs Fields) error {
	if len(im.Map) != len(im.Columns) {
		return fault.New(fault.Invalid, "import.map", "say for each of the %d columns which field it fills", len(im.Columns)).In("body.map")
	}
	seen := map[string]bool{}
	for i, to := range im.Map {
		place := fmt.Sprintf("body.map[%d]", i)
		if to == "" {
			continue
		}
		code, attribute := strings.CutPrefix(to, attributePrefix)
		f, defined := fs.Of(code)
		switch {
		case seen[to]:
			return fault.New(fault.Invalid, "import.twice", "two columns fill the same field").In(place)
		case attribute && (!defined || f.Sight == SeenByFew && !by.May(agent.ContactRestricted)), !attribute && !slices.Contains(ImportFields(), to):
			return fault.New(fault.Invalid, "import.field", "there is no field %q", to).In(place)
		}
		seen[to] = true
	}
	if !seen["name"] && !seen["phone"] && !seen["email"] && !seen["external_id"] {
		return fault.New(fault.Invalid, "import.nobody", "one column must say who it is: the name, the phone, the e-mail address or an id").In("body.map")
	}
	if !slices.Contains([]OnDuplicate{SkipDuplicates, UpdateDuplicates, AskDuplicates}, im.On) {
		return fault.New(fault.Invalid, "import.on", "what becomes of known customers is skip, update or ask").In("body.on_duplicate")
	}
	return nil
}

// Row is what a row of a table says of a customer.
type Row struct {
	Name, Phone, Email, External, Language, Note string
	Tags                                         []string
	Attributes                                   map[string]string
}

// CellFault is what is wrong with one cell.
type CellFault struct {
	Column  int    `json:"column"` // from 0; -1 is the whole row
	Code    string `json:"code"`
	Args    []any  `json:"args,omitempty"`
	Message string `json:"message"` // in English; doors say it in the reader's language
}

// RowFault is what is wrong with a whole row.
func RowFault(err error) CellFault { return cellFault(-1, err) }

func cellFault(column int, err error) CellFault {
	var f *fault.Error
	if !errors.As(err, &f) {
		return CellFault{Column: column, Code: "internal", Message: err.Error()}
	}
	return CellFault{Column: column, Code: f.Code, Args: f.Args, Message: f.Message()}
}

// Read returns what a row says, and all that is wrong with it.
func (im Import) Read(by agent.Actor, fs Fields, cells []string) (r Row, faults []CellFault) {
	r.Attributes = map[string]string{}
	if len(cells) > len(im.Columns) {
		return r, []CellFault{cellFault(-1, fault.New(fault.Invalid, "import.cells", "the row has %d cells, and the first row %d", len(cells), len(im.Columns)))}
	}
	for i, value := range cells {
		if to := im.Map[i]; to != "" && value != "" {
			if err := r.set(by, fs, to, value); err != nil {
				faults = append(faults, cellFault(i, err))
			}
		}
	}
	if len(faults) == 0 && r.Name == "" && r.Phone == "" && r.Email == "" && r.External == "" {
		faults = append(faults, cellFault(-1, fault.New(fault.Invalid, "import.empty", "the row does not say who it is")))
	}
	return r, faults
}

func (r *Row) set(by agent.Actor, fs Fields, to, value string) (err error) {
	switch to {
	case "name":
		r.Name = value
		if utf8.RuneCountInString(value) > MaxName {
			return fault.New(fault.Invalid, "contact.name_long", "a name holds at most %d characters", MaxName)
		}
	case "phone":
		r.Phone, err = CheckIdentity(ByPhone, value)
	case "email":
		r.Email, err = CheckIdentity(ByEmail, value)
	case "external_id":
		r.External, err = CheckIdentity(ByExternal, value)
	case "language":
		r.Language, err = readLanguage(value)
	case "note":
		r.Note, err = CheckNote(value)
	case "tags":
		r.Tags, err = tag.Apply(nil, splitTags(value), nil)
	default:
		code := strings.TrimPrefix(to, attributePrefix)
		var as map[string]string
		if as, err = fs.Change(by, nil, map[string]string{code: value}); err == nil {
			r.Attributes[code] = as[code]
		}
	}
	return err
}

func splitTags(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、;；|", r) })
}

func readLanguage(s string) (string, error) {
	switch strings.ToLower(s) {
	case "zh", "zh-cn", "中文", "汉语", "chinese":
		return "zh", nil
	case "en", "en-us", "en-gb", "英文", "英语", "english":
		return "en", nil
	}
	return s, fault.New(fault.Invalid, "contact.language", "the language is zh or en")
}

// Apply returns a contact with what a row says, where it says something.
func (r Row) Apply(c Contact) (Contact, error) {
	for _, f := range []struct {
		at *string
		to string
	}{{&c.Name, r.Name}, {&c.Phone, r.Phone}, {&c.Email, r.Email}, {&c.Language, r.Language}} {
		if f.to != "" {
			*f.at = f.to
		}
	}
	if r.External != "" && c.ExternalID == "" {
		c.ExternalID = r.External
	}
	var err error
	if len(r.Tags) > 0 {
		if c.Tags, err = tag.Apply(c.Tags, r.Tags, nil); err != nil {
			return c, err
		}
	}
	if len(r.Attributes) > 0 {
		for name, v := range r.Attributes {
			c.Attributes = withAttribute(c.Attributes, name, v)
		}
	}
	if c.Language == "" {
		c.Language = "zh"
	}
	if c.Name == "" {
		c.Name = GuestName(c.ID, c.Language)
	}
	return c, c.Check()
}

// Identities are those that a row names.
func (r Row) Identities() []Known {
	return Contact{Phone: r.Phone, Email: r.Email, ExternalID: r.External}.Identities()
}

// Outcome is what became of a row that was not simply taken in.
type Outcome string

// What became of it.
const (
	RowRefused Outcome = "refused"
	RowAsked   Outcome = "asked" // about somebody known: an answer is waited for
)

// Left is a row that an import did not take in.
type Left struct {
	Line    int         `json:"line"` // as a spreadsheet counts
	Outcome Outcome     `json:"outcome" enum:"refused,asked"`
	Cells   []string    `json:"cells"`
	Faults  []CellFault `json:"faults"`
	Known   ID          `json:"known_id,omitzero"` // who is known already
	Name    string      `json:"known_name,omitzero"`
}

// Ended reports whether nothing more happens by itself.
func (s ImportState) Ended() bool { return s == ImportDone || s == ImportCancelled }
