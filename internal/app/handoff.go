package app

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
)

// HandoffWord is the job of telling another desk what an act said that could not
// tell it itself: what crosses desks is out of reach of a customer's person and of
// a subcontractor's.
type HandoffWord struct {
	Desk       desk.ID           `json:"desk"`
	Escalation desk.ID           `json:"escalation,omitzero"` // the reseller's, or
	Ticket     desk.ID           `json:"ticket,omitzero"`     // the provider's
	What       desk.HandoffKind  `json:"what"`
	Key        string            `json:"key"`
	Data       map[string]string `json:"data"`
	At         time.Time         `json:"at"`
	Dossier    json.RawMessage   `json:"dossier,omitempty"` // of one that is opened
}

// Kind names the job.
func (HandoffWord) Kind() string { return "handoff_word" }

// TakeHandoff is the job of doing what follows, at a desk, from what the other side
// of a hand-off told it. It names no item: whoever works it takes all there are.
type TakeHandoff struct {
	Desk    desk.ID `json:"desk"`
	Handoff desk.ID `json:"handoff"`
}

// Kind names the job.
func (TakeHandoff) Kind() string { return "take_handoff" }

// handOff gives an escalation to the provider's desk of this installation, in the
// transaction that files it. It reports false where no provider has one: then
// whoever filed it brings a number, or has none.
func (a *App) handOff(tx *postgres.Tx, _ desk.Actor, e desk.Escalation, d dossier.Dossier) (bool, error) {
	if linked, err := a.crosses(tx, desk.ResellerSide); err != nil || !linked || !e.HandsOver() {
		return false, err
	}
	w := HandoffWord{Escalation: e.ID, What: desk.HandoffOpened, Key: string(desk.HandoffOpened)}
	var err error
	if w.Dossier, err = json.Marshal(d); err != nil {
		return false, err
	}
	return true, a.tellAcross(tx, w)
}

// handoffSaid passes on what the desk told its provider.
func (a *App) handoffSaid(tx *postgres.Tx, e desk.Escalation, n desk.EscalationEntry) error {
	if n.Side != desk.Us {
		return nil
	}
	return a.resellerTells(tx, e, HandoffWord{What: desk.HandoffMessage, Key: n.ID.String(), Data: map[string]string{"body": n.Body}})
}

// handoffMoved passes on where the desk says its escalation stands.
func (a *App) handoffMoved(tx *postgres.Tx, e desk.Escalation) error {
	return a.resellerTells(tx, e, HandoffWord{What: desk.HandoffState, Key: desk.NewID().String(), Data: map[string]string{"to": string(e.State)}})
}

// handoffEnded passes on that it ended.
func (a *App) handoffEnded(tx *postgres.Tx, e desk.Escalation) error {
	return a.resellerTells(tx, e, HandoffWord{What: desk.HandoffEnded, Key: string(desk.HandoffEnded), Data: map[string]string{"ending": string(e.Ending), "why": e.EndedWhy}})
}

func (a *App) resellerTells(tx *postgres.Tx, e desk.Escalation, w HandoffWord) error {
	if linked, err := a.crosses(tx, desk.ResellerSide); err != nil || !linked || !e.HandsOver() {
		return err
	}
	w.Escalation = e.ID
	return a.tellAcross(tx, w)
}

// ticketSaid passes on what the desk wrote publicly on a ticket that another handed
// to it.
func (a *App) ticketSaid(tx *postgres.Tx, who desk.Actor, k desk.Ticket, m desk.Message) error {
	if m.Internal || m.Side != desk.DeskSide {
		return nil
	}
	return a.providerTells(tx, k, HandoffWord{What: desk.HandoffMessage, Key: m.ID.String(), Data: map[string]string{"body": m.Body, "author": who.Person.Name}})
}

// ticketMoved passes on where such a ticket stands.
func (a *App) ticketMoved(tx *postgres.Tx, k desk.Ticket) error {
	if k.State == desk.Closed {
		return a.providerTells(tx, k, HandoffWord{What: desk.HandoffClosed, Key: string(desk.HandoffClosed)})
	}
	w := HandoffWord{What: desk.HandoffState, Key: desk.NewID().String(), Data: map[string]string{"to": string(k.MirroredState())}}
	if k.State == desk.WaitingMicrosoft {
		w.Data["at"] = "microsoft"
	}
	return a.providerTells(tx, k, w)
}

func (a *App) providerTells(tx *postgres.Tx, k desk.Ticket, w HandoffWord) error {
	if linked, err := a.crosses(tx, desk.ProviderSide); err != nil || !linked {
		return err
	}
	w.Ticket = k.ID
	return a.tellAcross(tx, w)
}

// tellAcross tells the other side, or has a job of the desk do it where the act
// itself may not.
func (a *App) tellAcross(tx *postgres.Tx, w HandoffWord) error {
	w.Desk, w.At = tx.Scope.Desk, tx.Now
	if tx.Scope.Customer != desk.Nobody || tx.Scope.Subcontractor != nil {
		return tx.Enqueue(w, nil)
	}
	return a.say(tx, w)
}

// say writes the item and orders the other desk to take it. Of what is over, or
// was never handed over, there is nothing to tell.
func (a *App) say(tx *postgres.Tx, w HandoffWord) error {
	if w.What == desk.HandoffOpened {
		return a.openHandoff(tx, w)
	}
	h, err := handoffOf(tx, w)
	if errors.Is(err, desk.ErrNotFound) || err == nil && (h.Over() || h.LinkState != desk.LinkActive) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := a.addItem(tx, h, w); err != nil {
		return err
	}
	if w.What == desk.HandoffEnded || w.What == desk.HandoffClosed || w.What == desk.HandoffReturned {
		tx.EndHandoff(h)
	}
	return nil
}

func handoffOf(tx *postgres.Tx, w HandoffWord) (desk.Handoff, error) {
	if w.Escalation != desk.Nobody {
		return tx.HandoffOfEscalation(w.Escalation)
	}
	return tx.HandoffOfTicket(w.Ticket)
}

// addItem tells one thing, unless the link ends at this very moment.
func (a *App) addItem(tx *postgres.Tx, h desk.Handoff, w HandoffWord) error {
	err := tx.HoldProviderLink(h.LinkID)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if w.Data == nil {
		w.Data = map[string]string{}
	}
	fresh, err := tx.AddHandoffItem(h, desk.HandoffItem{Kind: w.What, Key: w.Key, Data: w.Data, CreatedAt: w.At})
	if err != nil || !fresh {
		return err
	}
	return tx.Enqueue(TakeHandoff{h.Across(tx.Scope.Desk), h.ID}, nil)
}

// openHandoff hands an escalation over by the link that the desk's list of providers
// names first. One that is with a provider already stays there.
func (a *App) openHandoff(tx *postgres.Tx, w HandoffWord) error {
	links, err := tx.ProvidersLinked()
	if err != nil {
		return err
	}
	rules, err := tx.Handover()
	if err != nil {
		return err
	}
	e, err := tx.EscalationByID(w.Escalation)
	if err != nil {
		return err
	}
	l, ok := rules.LinkedProvider(links)
	if _, err := tx.HandoffOfEscalation(e.ID); !ok || err == nil || !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	k, err := tx.TicketByID(e.TicketID)
	if err != nil {
		return err
	}
	h := desk.Handoff{ID: desk.NewID(), LinkID: l.ID, ResellerID: l.ResellerID, ProviderID: l.ProviderID, EscalationID: e.ID, CreatedAt: w.At}
	if err := json.Unmarshal(w.Dossier, &h.Dossier); err != nil {
		return err
	}
	h.Request = desk.RequestOf(k, h.Dossier)
	if err := tx.HoldProviderLink(l.ID); err != nil {
		return err
	}
	if err := tx.AddHandoff(h); err != nil {
		return err
	}
	w.Data = map[string]string{"escalation": strconv.FormatInt(e.Number, 10), "severity": e.Severity}
	return a.addItem(tx, h, w)
}

// PassOn works a HandoffWord.
func (a *App) PassOn(ctx context.Context, w HandoffWord) error {
	return a.db.Update(ctx, desk.Scope{Desk: w.Desk}, func(tx *postgres.Tx) error {
		// As its act would have: under the desk's own row.
		var err error
		if w.Escalation != desk.Nobody {
			_, err = tx.LockEscalationByID(w.Escalation)
		} else {
			_, err = tx.LockTicketByID(w.Ticket)
		}
		if err != nil {
			return err
		}
		return a.say(tx, w)
	})
}

// linkMemory is how long it is remembered that a desk has no link. Its own process
// knows of a new one at once, another before the first hand-off can be answered.
const linkMemory = 5 * time.Second

type linkSide struct {
	desk desk.ID
	side desk.HandoffSide
}

type knownLink struct {
	any   bool
	until time.Time
}

// crosses tells whether a desk has a link on a side, from memory if it can: most
// desks have none, and pay nothing for it.
func (a *App) crosses(tx *postgres.Tx, side desk.HandoffSide) (bool, error) {
	key := linkSide{tx.Scope.Desk, side}
	if k, ok := a.linked.Load(key); ok && a.now().Before(k.(knownLink).until) {
		return k.(knownLink).any, nil
	}
	linked, err := tx.CrossesDesks(side)
	if err == nil {
		a.linked.Store(key, knownLink{linked, a.now().Add(linkMemory)})
	}
	return linked, err
}

func (a *App) forgetLinks(of desk.ID) {
	for _, side := range []desk.HandoffSide{desk.ResellerSide, desk.ProviderSide} {
		a.linked.Delete(linkSide{of, side})
	}
}
