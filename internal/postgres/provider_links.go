package postgres

import "guichet/internal/desk"

// A link is of two desks: neither stands in a column named desk_id, and each
// statement names the reader's as either.
const ofEither = `@desk in (l.reseller_id, l.provider_id)`

var deskLinkColumns = `l.id, l.reseller_id, l.provider_id, l.state, l.asked_by, ` + orNobody("l.customer_id") + `, ` + orNobody("l.speaker_id") + `, ` + orNobody("l.reseller_by") + `, ` +
	orNobody("l.provider_by") + `, l.asked_at, l.agreed_at, l.ended_at, l.ended_by`

// The names are of the reader's own desk; of the other he is told its own alone.
var namedLinks = `select ` + deskLinkColumns + `, d.slug as other_slug, d.name as other_name, coalesce(c.name, '') as customer_name, coalesce(s.name, '') as speaker_name, coalesce(b.name, '') as by_name,
		(select count(*)::int from handoffs h where h.link_id = l.id and @desk in (h.reseller_id, h.provider_id) and h.reseller_done is null and h.provider_done is null) as open
	from provider_links l join desks d on d.id = case l.reseller_id when @desk then l.provider_id else l.reseller_id end
	left join customers c on c.desk_id = @desk and l.provider_id = @desk and c.id = l.customer_id
	left join people s on s.desk_id = @desk and l.provider_id = @desk and s.id = l.speaker_id
	left join people b on b.desk_id = @desk and b.id = case l.reseller_id when @desk then l.reseller_by else l.provider_by end
	where ` + ofEither

// ProviderLinks lists the desk's links, those that hold first, then the newest.
func (t *Tx) ProviderLinks() ([]desk.NamedLink, error) {
	return many[desk.NamedLink](t, namedLinks+` order by l.state = 'ended', l.asked_at desc limit 100`, nil)
}

// ProvidersLinked lists the links that hold by which the desk hands requests over,
// the oldest first.
func (t *Tx) ProvidersLinked() ([]desk.NamedLink, error) {
	return many[desk.NamedLink](t, namedLinks+` and l.reseller_id = @desk and l.state = 'active' order by l.agreed_at limit 20`, nil)
}

// LockProviderLink reads one to be changed. Errors: ErrNotFound.
func (t *Tx) LockProviderLink(id desk.ID) (desk.ProviderLink, error) {
	return one[desk.ProviderLink](t, `select `+deskLinkColumns+` from provider_links l where l.id = @id and `+ofEither+` for update of l`, args{"id": id})
}

// ProviderLink reads one. Errors: ErrNotFound.
func (t *Tx) ProviderLink(id desk.ID) (desk.ProviderLink, error) {
	return one[desk.ProviderLink](t, `select `+deskLinkColumns+` from provider_links l where l.id = @id and `+ofEither, args{"id": id})
}

// HoldProviderLink keeps a link as it is until the transaction ends. Errors:
// ErrNotFound for one that does not hold.
func (t *Tx) HoldProviderLink(id desk.ID) error {
	n, err := t.exec(`select l.id from provider_links l where l.id = @id and l.state = 'active' and `+ofEither+` for share of l`, args{"id": id})
	return found(n, err)
}

// AddProviderLink stores a question for a link. Errors: Invalid on "slug" where the
// two have one, or "customer" for one that is another reseller.
func (t *Tx) AddProviderLink(l desk.ProviderLink) error {
	_, err := t.exec(`insert into provider_links (id, reseller_id, provider_id, state, asked_by, customer_id, speaker_id, reseller_by, provider_by, asked_at)
		select @id::uuid, @reseller::uuid, @provider::uuid, @state, @asked_by, @customer::uuid, @speaker::uuid, @reseller_by::uuid, @provider_by::uuid, @asked_at::timestamptz
		where @desk in (@reseller::uuid, @provider::uuid)`,
		args{"id": l.ID, "reseller": l.ResellerID, "provider": l.ProviderID, "state": l.State, "asked_by": l.AskedBy, "customer": orNull(l.CustomerID), "speaker": orNull(l.SpeakerID),
			"reseller_by": orNull(l.ResellerBy), "provider_by": orNull(l.ProviderBy), "asked_at": l.AskedAt})
	return err
}

// SaveProviderLink writes one that was locked. Errors: ErrNotFound for what the
// reader's side may not change.
func (t *Tx) SaveProviderLink(l desk.ProviderLink) error {
	n, err := t.exec(`update provider_links l set state = @state, customer_id = @customer, speaker_id = @speaker, reseller_by = @reseller_by, provider_by = @provider_by,
		agreed_at = @agreed, ended_at = @ended, ended_by = @ended_by where l.id = @id and `+ofEither,
		args{"id": l.ID, "state": l.State, "customer": orNull(l.CustomerID), "speaker": orNull(l.SpeakerID), "reseller_by": orNull(l.ResellerBy),
			"provider_by": orNull(l.ProviderBy), "agreed": l.AgreedAt, "ended": l.EndedAt, "ended_by": l.EndedBy})
	return found(n, err)
}

// CrossesDesks tells whether the desk has a link on a side: as the reseller it hands
// requests over, as the provider it works another's. It may be asked in every scope.
func (t *Tx) CrossesDesks(side desk.HandoffSide) (bool, error) {
	return scalar[bool](t, `select crosses_desks(@desk, @side)`, args{"side": side})
}
