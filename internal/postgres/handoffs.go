package postgres

import "guichet/internal/desk"

var handoffColumns = `h.id, h.link_id, h.reseller_id, h.provider_id, h.escalation_id, ` + orNobody("h.ticket_id") + `, coalesce(h.number, 0) as number, h.request, h.dossier,
	h.reseller_done, h.provider_done, h.created_at`

// ofBoth is what either desk may read of a hand-off, with how their link stands.
var ofBoth = `select ` + handoffColumns + `, l.state as link_state from handoffs h join provider_links l on l.id = h.link_id
	where @desk in (h.reseller_id, h.provider_id) and `

// Handoff reads one. Errors: ErrNotFound.
func (t *Tx) Handoff(id desk.ID) (desk.Handoff, error) {
	return one[desk.Handoff](t, ofBoth+`h.id = @id`, args{"id": id})
}

// LockHandoff reads one of the desk's as provider that has no ticket yet, to be
// given one. Errors: ErrNotFound once it has.
func (t *Tx) LockHandoff(id desk.ID) (desk.Handoff, error) {
	return one[desk.Handoff](t, ofBoth+`h.id = @id and h.provider_id = @desk and h.ticket_id is null for update of h`, args{"id": id})
}

// HandoffOfEscalation is where an escalation of the desk is with another, and not
// over. Errors: ErrNotFound.
func (t *Tx) HandoffOfEscalation(escalation desk.ID) (desk.Handoff, error) {
	return one[desk.Handoff](t, ofBoth+`h.reseller_id = @desk and h.escalation_id = @escalation and h.reseller_done is null`, args{"escalation": escalation})
}

// HandoffOfTicket is what another desk handed to this one that a ticket became.
// Errors: ErrNotFound.
func (t *Tx) HandoffOfTicket(ticket desk.ID) (desk.Handoff, error) {
	return one[desk.Handoff](t, ofBoth+`h.provider_id = @desk and h.ticket_id = @ticket`, args{"ticket": ticket})
}

// HandedOn is the same for its page, as far as the scope reaches: a subcontractor's
// reads no link. Errors: ErrNotFound.
func (t *Tx) HandedOn(ticket desk.ID) (desk.HandedOn, error) {
	return one[desk.HandedOn](t, `select `+handoffColumns+`, coalesce(l.state, '') as link_state, d.name as reseller
		from handoffs h join desks d on d.id = h.reseller_id left join provider_links l on l.id = h.link_id
		where h.provider_id = @desk and h.ticket_id = @ticket`, args{"ticket": ticket})
}

// OpenHandoffs lists those of a link that are not over for the desk, in pieces.
func (t *Tx) OpenHandoffs(link, after desk.ID, most int) ([]desk.Handoff, error) {
	return many[desk.Handoff](t, ofBoth+`h.link_id = @link and h.id > @after
		and case h.reseller_id when @desk then h.reseller_done else h.provider_done end is null order by h.id limit @most`,
		args{"link": link, "after": after, "most": most})
}

// AddHandoff stores a hand-off of the desk's. Errors: ErrConflict where the
// escalation is with a provider; ErrNotFound where no link holds.
func (t *Tx) AddHandoff(h desk.Handoff) error {
	_, err := t.exec(`insert into handoffs (id, link_id, reseller_id, provider_id, escalation_id, request, dossier, created_at)
		values (@id, @link, @desk, @provider, @escalation, @request, @dossier, @created)`,
		args{"id": h.ID, "link": h.LinkID, "provider": h.ProviderID, "escalation": h.EscalationID, "request": h.Request, "dossier": h.Dossier, "created": h.CreatedAt})
	return err
}

// TakeHandoff says which ticket of the desk one became. Errors: ErrNotFound.
func (t *Tx) TakeHandoff(id, ticket desk.ID, number int64) error {
	return found(t.exec(`update handoffs h set ticket_id = @ticket, number = @number where h.id = @id and h.provider_id = @desk`,
		args{"id": id, "ticket": ticket, "number": number}))
}

// EndHandoff says that one is over for the desk; one that is over stays so.
func (t *Tx) EndHandoff(h desk.Handoff) {
	if h.Side(t.Scope.Desk) == desk.ResellerSide {
		t.write(`update handoffs h set reseller_done = @now where h.id = @id and h.reseller_id = @desk and h.reseller_done is null`, args{"id": h.ID, "now": t.Now})
		return
	}
	t.write(`update handoffs h set provider_done = @now where h.id = @id and h.provider_id = @desk and h.provider_done is null`, args{"id": h.ID, "now": t.Now})
}

// AddHandoffItem tells the other side something, after all that the desk told it. It
// reports false for what was told already. The caller holds the desk's own row, so
// that nobody else tells meanwhile. Errors: ErrNotFound where no link holds.
func (t *Tx) AddHandoffItem(h desk.Handoff, i desk.HandoffItem) (bool, error) {
	n, err := t.exec(`insert into handoff_items (handoff_id, side, seq, reseller_id, provider_id, kind, key, data, created_at)
		values (@id, @side, (select coalesce(max(x.seq), 0) + 1 from handoff_items x where x.handoff_id = @id and x.side = @side and @desk in (x.reseller_id, x.provider_id)),
			@reseller, @provider, @kind, @key, @data, @created) on conflict (handoff_id, side, key) do nothing`,
		args{"id": h.ID, "side": h.Side(t.Scope.Desk), "reseller": h.ResellerID, "provider": h.ProviderID, "kind": i.Kind, "key": i.Key, "data": i.Data, "created": i.CreatedAt})
	return n == 1, err
}

// UntakenItems lists what the other side told and nobody has taken, in that order.
func (t *Tx) UntakenItems(h desk.Handoff) ([]desk.HandoffItem, error) {
	return many[desk.HandoffItem](t, `select i.handoff_id, i.side, i.seq, i.kind, i.key, i.data, i.created_at, i.taken_at from handoff_items i
		where i.handoff_id = @id and i.side = @side and i.taken_at is null and @desk in (i.reseller_id, i.provider_id) order by i.seq limit 1000`,
		args{"id": h.ID, "side": h.Side(t.Scope.Desk).Other()})
}

// TakeItem says that what follows from an item was done. Errors: ErrNotFound for one
// that was taken.
func (t *Tx) TakeItem(i desk.HandoffItem) error {
	return found(t.exec(`update handoff_items i set taken_at = @now where i.handoff_id = @id and i.side = @side and i.seq = @seq and i.taken_at is null
		and @desk in (i.reseller_id, i.provider_id)`, args{"id": i.HandoffID, "side": i.Side, "seq": i.Seq, "now": t.Now}))
}

// handedFiles is what the provider's own people read of a reseller's dossier, while
// their link holds.
const handedFiles = `select f.id, f.name, f.type, f.bytes, f.blob, f.created_at from handoffs h cross join handed_files(h.id) f
	where h.id = @handoff and h.provider_id = @desk`

// HandedFiles lists the files of the dossier that the reseller handed over.
func (t *Tx) HandedFiles(handoff desk.ID) ([]desk.HandedFile, error) {
	return many[desk.HandedFile](t, handedFiles+` order by f.created_at, f.id limit @most`, args{"handoff": handoff, "most": desk.MaxDossierFiles})
}

// HandedFile reads one of them. Errors: ErrNotFound.
func (t *Tx) HandedFile(handoff, id desk.ID) (desk.HandedFile, error) {
	return one[desk.HandedFile](t, handedFiles+` and f.id = @id`, args{"handoff": handoff, "id": id})
}
