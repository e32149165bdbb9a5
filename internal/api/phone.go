package api

import (
	"context"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

func (a *API) phone(r *router) {
	read := agent.ConversationRead
	call(r, post("/phone", "Connect the browser as one's telephone: the offer of a peer connection with one audio track, answered at once; another connection is replaced when this one stands").needs(read), a.connectPhone)
	call(r, get("/phone", "How one's telephone is, and what the browser needs to connect it").needs(read), a.getPhone)
	act(r, remove("/phone", "Disconnect one's telephone").needs(read), a.disconnectPhone)
}

var errNoPhones = fault.New(fault.Conflict, "phone.off", "telephones in the browser are switched off; the administrator starts the program without --webrtc-listen off")

type phoneOffer struct {
	Token string `cookie:"yingda_session" hidden:"true"`
	Body  struct {
		SDP string `json:"sdp" doc:"what createOffer made of one audio track, with its fingerprint"`
	}
}

type phoneAnswer struct {
	ID  string `json:"id" doc:"of this connection"`
	SDP string `json:"sdp" doc:"for setRemoteDescription"`
}

func (a *API) connectPhone(ctx context.Context, by agent.Actor, in *phoneOffer) (phoneAnswer, error) {
	if err := by.NeedPerson(); err != nil {
		return phoneAnswer{}, err
	}
	if a.Phones == nil {
		return phoneAnswer{}, errNoPhones
	}
	still := func(ctx context.Context) error {
		_, _, err := a.Account.BySession(ctx, in.Token)
		return err
	}
	answer, err := a.Phones.Connect(ctx, channel.PhoneOffer{Agent: by.Agent, SDP: in.Body.SDP, Still: still})
	return phoneAnswer(answer), err
}

type phoneView struct {
	Connected bool        `json:"connected"`
	Since     time.Time   `json:"since,omitzero"`
	ID        string      `json:"id,omitempty" doc:"of the connection that carries the sound, or is about to"`
	ICE       string      `json:"ice,omitempty" doc:"how far it is: new, checking, connected, disconnected, failed"`
	Path      string      `json:"path,omitempty" enum:"udp,tcp"`
	Servers   []iceServer `json:"servers" doc:"iceServers for the peer connection; what is in them is good for a day"`
	Available bool        `json:"available" doc:"telephones in the browser are switched on"`
	Calls     bool        `json:"calls" doc:"calls come in here"`
}

type iceServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username"`
	Credential string   `json:"credential"`
}

func (a *API) getPhone(_ context.Context, by agent.Actor, _ *struct{}) (phoneView, error) {
	v := phoneView{Servers: []iceServer{}, Calls: a.Telephone != nil}
	if err := by.NeedPerson(); err != nil || a.Phones == nil {
		return v, err
	}
	s := a.Phones.State(by.Agent)
	v.Connected, v.Since, v.ID, v.ICE, v.Path, v.Available = s.Connected, s.Since, s.ID, s.ICE, s.Path, true
	if c, ok := a.Phones.Credentials(by.Agent); ok {
		v.Servers = append(v.Servers, iceServer{URLs: c.URLs, Username: c.Username, Credential: c.Password})
	}
	return v, nil
}

func (a *API) disconnectPhone(_ context.Context, by agent.Actor, _ *struct{}) error {
	if err := by.NeedPerson(); err != nil {
		return err
	}
	if a.Phones != nil {
		a.Phones.Disconnect(by.Agent)
	}
	return nil
}
