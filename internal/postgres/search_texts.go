package postgres

import (
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/search"
)

// sought gathers what a transaction writes that tickets are found by: one
// statement a ticket, at its end.
type sought struct {
	fresh map[desk.ID]bool
	texts map[desk.ID][]search.Text
}

// foundBy lets a ticket be found by a text.
func (t *Tx) foundBy(ticket desk.ID, text search.Text) {
	if t.found.texts == nil {
		t.found.texts = map[desk.ID][]search.Text{}
	}
	t.found.texts[ticket] = append(t.found.texts[ticket], text)
}

// findNew lets a new ticket be found by its subject.
func (t *Tx) findNew(k desk.Ticket) {
	if t.found.fresh == nil {
		t.found.fresh = map[desk.ID]bool{}
	}
	t.found.fresh[k.ID] = true
	t.foundBy(k.ID, search.Text{Body: k.Subject, Weight: 'A'})
}

func (t *Tx) findMessage(m desk.Message) {
	weight := byte('C')
	if m.Internal {
		weight = 'D'
	}
	t.foundBy(m.TicketID, search.Text{Body: m.Body, Weight: weight, Inside: m.Internal})
}

// FindBy lets a ticket be found by words beside its messages: the name of a file,
// the number of a request. Inside are those that only the desk may find it by.
func (t *Tx) FindBy(ticket desk.ID, words string, inside bool) {
	weight := byte('B')
	if inside {
		weight = 'D'
	}
	t.foundBy(ticket, search.Text{Body: words, Weight: weight, Inside: inside})
}

// hear writes what was gathered, in the order of ids, so that two transactions
// never wait for one another.
func (t *Tx) hear() {
	ids := make([]desk.ID, 0, len(t.found.texts))
	for id := range t.found.texts {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return strings.Compare(string(a[:]), string(b[:])) })
	var fresh []desk.ID
	var words []string
	for _, id := range ids {
		vector := search.Vector(t.found.texts[id]...)
		if t.found.fresh[id] {
			fresh, words = append(fresh, id), append(words, vector)
		} else if vector != "" {
			t.write(`select add_search_words(@ticket, @words) where @desk::uuid is not null`, args{"ticket": id, "words": vector})
		}
	}
	if len(fresh) > 0 {
		t.write(`select add_search_texts(@tickets, @words) where @desk::uuid is not null`, args{"tickets": fresh, "words": words})
	}
	t.found = sought{}
}

// FindAnew has the words of a ticket, or of all tickets of a customer or a
// requester, written anew by the next round: a name in them has changed, or is to
// be forgotten.
func (t *Tx) FindAnew(of desk.ID) {
	t.write(`select stale_search(@of) where @desk::uuid is not null`, args{"of": of})
}

// spoken is a text of a ticket.
type spoken struct {
	TicketID desk.ID
	Kind     string // subject | said | note | file
	Body     string
}

// RenewSearch writes the words of tickets anew that are not up to date, at most so
// many, and tells how many there were.
func (t *Tx) RenewSearch(most int) (int, error) {
	ids, err := scalars[desk.ID](t, `select stale from stale_search_texts(@most) stale where @desk::uuid is not null`, args{"most": most})
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	list, err := many[spoken](t, spokenTexts, args{"tickets": ids})
	if err != nil {
		return 0, err
	}
	texts := make(map[desk.ID][]search.Text, len(ids))
	for _, s := range list {
		texts[s.TicketID] = append(texts[s.TicketID], s.text())
	}
	vectors := make([]string, len(ids))
	for n, id := range ids {
		vectors[n] = search.Vector(texts[id]...)
	}
	t.write(`select renew_search_texts(@tickets, @words) where @desk::uuid is not null`, args{"tickets": ids, "words": vectors})
	return len(ids), t.flush()
}

// spokenTexts are all texts of some tickets.
const spokenTexts = `select ticket_id, kind, body from (select t.id as ticket_id, 'subject' as kind, t.subject as body, t.created_at as at from tickets t where t.desk_id = @desk and t.id = any(@tickets)
	union all select m.ticket_id, case when m.internal then 'note' else 'said' end, m.body, m.created_at from messages m where m.desk_id = @desk and m.ticket_id = any(@tickets)
	union all select f.ticket_id, 'note', f.text, f.created_at from findings f where f.desk_id = @desk and f.ticket_id = any(@tickets)
	union all select a.ticket_id, case when a.internal then 'note' else 'file' end, a.name, a.created_at from attachments a where a.desk_id = @desk and a.ticket_id = any(@tickets)
	union all select x.ticket_id, 'note', e.request, x.joined_at from escalation_tickets x join escalations e on e.desk_id = @desk and e.id = x.escalation_id
		where x.desk_id = @desk and x.ticket_id = any(@tickets) and e.request <> ''
	union all select t.id, 'file', t.external, t.created_at from tickets t where t.desk_id = @desk and t.id = any(@tickets) and t.external <> ''
	) texts order by at`

func (s spoken) text() search.Text {
	switch s.Kind {
	case "subject":
		return search.Text{Body: s.Body, Weight: 'A'}
	case "note":
		return search.Text{Body: s.Body, Weight: 'D', Inside: true}
	case "file":
		return search.Text{Body: s.Body, Weight: 'B'}
	}
	return search.Text{Body: s.Body, Weight: 'C'}
}
