package postgres

import (
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// AddCorrection stores what a person said of a fact; older ones are kept as
// history. Errors: a value that is no JSON.
func (t *Tx) AddCorrection(c desk.Correction) error {
	value, err := json.Marshal(c.Fact.Value)
	if err != nil {
		return err
	}
	t.write(`insert into corrections (desk_id, id, ticket_id, customer_id, person_id, fact, value, created_at)
		values (@desk, @id, @ticket, @customer, @person, @fact, nullif(@value::jsonb, 'null'), @created)`,
		args{"id": c.ID, "ticket": c.TicketID, "customer": c.CustomerID, "person": c.PersonID, "fact": c.Fact.Name, "value": string(value), "created": c.CreatedAt})
	return nil
}

// held is the newest correction of each fact, unless it takes back.
const held = `select c.id, c.ticket_id, c.customer_id, c.person_id, jsonb_build_object('name', c.fact, 'value', c.value) as fact, c.created_at, p.name as author_name
	from (select distinct on (fact) * from corrections where desk_id = @desk and ticket_id = @ticket order by fact, created_at desc, id desc) c
	join people p on p.desk_id = @desk and p.id = c.person_id
	where c.desk_id = @desk and c.value is not null order by c.fact`

// Corrections reads what people say of a ticket's facts.
func (t *Tx) Corrections(ticket desk.ID) ([]desk.Corrected, error) {
	return many[desk.Corrected](t, held, args{"ticket": ticket})
}

// Material is what a ticket is judged by when it is judged again.
type Material struct {
	TriageFacts
	Words     string // all that the customer wrote
	Found     []desk.Finding
	Corrected []desk.Correction
	Last      desk.Decision // zero when there was none
	Ranked    bool          // a person has set the priority
	Issues    []desk.LinkedIssue
	Home      string // where the customer is
}

// TriageMaterial reads it, in one round trip.
func (t *Tx) TriageMaterial(k desk.Ticket) (Material, error) {
	var m Material
	var facts []TriageFacts
	var words []string
	var corrected []desk.Corrected
	var decisions []decisionRow
	var ranked []bool
	var links issueLinks
	var home []string
	a := args{"ticket": k.ID}
	ask(t, &facts, triageFacts+`, 0::bigint as number`, args{"service": k.Service, "customer": k.CustomerID, "since": t.Now.Add(-hour)})
	collect(t, &words, customerWords, a, pgx.RowTo[string])
	ask(t, &m.Found, findings, a)
	ask(t, &corrected, held, a)
	ask(t, &decisions, newestDecision, a)
	collect(t, &ranked, `select exists (select from events where desk_id = @desk and ticket_id = @ticket and kind = 'priority' and actor_id is not null)`, a, pgx.RowTo[bool])
	t.askLinks(&links, k.ID)
	collect(t, &home, homeOf, args{"customer": k.CustomerID}, pgx.RowTo[string])
	if err := t.flush(); err != nil {
		return m, err
	}
	m.Issues, m.Home = links.join(), strings.Join(home, "")
	m.TriageFacts, m.Words, m.Ranked = facts[0], strings.Join(words, "\n\n"), ranked[0]
	for _, c := range corrected {
		m.Corrected = append(m.Corrected, c.Correction)
	}
	if len(decisions) > 0 {
		m.Last = decisions[0].Decision
	}
	return m, nil
}
