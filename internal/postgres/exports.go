package postgres

import (
	"time"

	"guichet/internal/desk"
)

const exportColumns = `e.id, e.form, e.files, e.state, e.rows, e.bytes, e.person_id, p.name as person_name, e.created_at, e.ended_at`

// BeginExport writes that somebody takes out what the desk owns. One that was never
// ended does not stand in the way of the next. Errors: ErrConflict while another runs.
func (t *Tx) BeginExport(e desk.Export) error {
	t.write(`update exports set state = 'broken', ended_at = @now where desk_id = @desk and state = 'running' and created_at < @stale`,
		args{"now": t.Now, "stale": t.Now.Add(-desk.ExportTime - time.Minute)})
	_, err := t.exec(`insert into exports (desk_id, id, form, files, state, person_id, created_at) values (@desk, @id, @form, @files, @state, @person, @created)`,
		args{"id": e.ID, "form": e.Form, "files": e.Files, "state": e.State, "person": e.PersonID, "created": e.CreatedAt})
	return err
}

// EndExport writes how one ended. Errors: ErrNotFound for one that has ended already.
func (t *Tx) EndExport(e desk.Export) error {
	return found(t.exec(`update exports set state = @state, rows = @rows, bytes = @bytes, ended_at = @ended where desk_id = @desk and id = @id and state = 'running'`,
		args{"id": e.ID, "state": e.State, "rows": e.Rows, "bytes": e.Bytes, "ended": e.EndedAt}))
}

// Exports lists the newest.
func (t *Tx) Exports(most int) ([]desk.Export, error) {
	return many[desk.Export](t, `select `+exportColumns+` from exports e join people p on p.desk_id = @desk and p.id = e.person_id
		where e.desk_id = @desk order by e.created_at desc, e.id desc limit @most`, args{"most": most})
}

// owned is a table that an export holds, under its kind's name.
type owned struct {
	kind, table string
	omit        []string // columns that say something to this installation alone
	of          string   // which rows, where no desk_id tells
}

// theirs names the desk in a table that two of them share.
const theirs = `(r.reseller_id = @desk or r.provider_id = @desk)`

// exports is all that a desk owns, in the order in which it would be read in again.
// Sealed secrets, hashes and what words are found by are of types that are never
// exported (see secret).
var exports = []owned{
	{kind: "desk", table: "desks", of: `r.id = @desk`},
	{kind: "customers", table: "customers"},
	{kind: "people", table: "people", omit: []string{"identity_id"}},
	{kind: "subcontractors", table: "subcontractors"},
	{kind: "tickets", table: "tickets"},
	{kind: "followers", table: "followers"},
	{kind: "messages", table: "messages", omit: []string{"key"}},
	{kind: "findings", table: "findings"},
	{kind: "decisions", table: "decisions"},
	{kind: "corrections", table: "corrections"},
	{kind: "events", table: "events"},
	{kind: "attachments", table: "attachments", omit: []string{"blob", "preview"}},
	{kind: "mails", table: "mails", omit: []string{"blob", "recipients"}},
	{kind: "deliveries", table: "deliveries"},
	{kind: "notices", table: "notices"},
	{kind: "subscription_orders", table: "subscription_orders"},
	{kind: "acceptances", table: "acceptances"},
	{kind: "kept_promises", table: "kept_promises"},
	{kind: "rulesets", table: "rulesets"},
	{kind: "ruleset_drafts", table: "ruleset_drafts"},
	{kind: "trials", table: "trials"},
	{kind: "trial_changes", table: "trial_changes"},
	{kind: "offers", table: "offers"},
	{kind: "offer_drafts", table: "offer_drafts"},
	{kind: "agreements", table: "agreements"},
	{kind: "recalculations", table: "recalculations"},
	{kind: "articles", table: "articles"},
	{kind: "article_days", table: "article_days"},
	{kind: "blocks", table: "blocks"},
	{kind: "timers", table: "timers"},
	{kind: "time_entries", table: "time_entries", omit: []string{"key"}},
	{kind: "draws", table: "draws"},
	{kind: "charges", table: "charges", omit: []string{"key"}},
	{kind: "statements", table: "statements"},
	{kind: "statement_numbers", table: "statement_numbers"},
	{kind: "connections", table: "connections"},
	{kind: "watched_subscriptions", table: "watched_subscriptions"},
	{kind: "service_states", table: "service_states"},
	{kind: "public_feeds", table: "public_feeds"},
	{kind: "health_notes", table: "health_notes"},
	{kind: "issues", table: "issues"},
	{kind: "issue_customers", table: "issue_customers"},
	{kind: "issue_posts", table: "issue_posts"},
	{kind: "ticket_issues", table: "ticket_issues"},
	{kind: "incidents", table: "incidents"},
	{kind: "incident_tickets", table: "incident_tickets"},
	{kind: "incident_events", table: "incident_events"},
	{kind: "incident_files", table: "incident_files"},
	{kind: "incident_issues", table: "incident_issues"},
	{kind: "announcements", table: "announcements"},

	{kind: "circle", table: "circle"},
	{kind: "circle_counts", table: "circle_counts"},
	{kind: "handovers", table: "handovers"},
	{kind: "partner_plans", table: "partner_plans"},
	{kind: "plan_warnings", table: "plan_warnings"},
	{kind: "escalations", table: "escalations"},
	{kind: "escalation_tickets", table: "escalation_tickets"},
	{kind: "escalation_entries", table: "escalation_entries"},
	{kind: "escalation_events", table: "escalation_events"},
	{kind: "evidence", table: "evidence_files", omit: []string{"blob"}},
	{kind: "provider_links", table: "provider_links", omit: []string{"customer_id", "speaker_id", "reseller_by", "provider_by"}, of: theirs},
	{kind: "handoffs", table: "handoffs", omit: []string{"ticket_id", "escalation_id"}, of: theirs},
	{kind: "handoff_items", table: "handoff_items", of: theirs},
	{kind: "access_relationships", table: "access_relationships", omit: []string{"etag"}},
	{kind: "access_facts", table: "access_facts"},
	{kind: "access_readers", table: "access_readers"},
	{kind: "access_warnings", table: "access_warnings"},
	{kind: "connectors", table: "connectors"},
	{kind: "mail_settings", table: "mail_settings", omit: []string{"place"}},
	{kind: "senders", table: "senders"},
	{kind: "letter_texts", table: "letter_texts"},
	{kind: "webhooks", table: "webhooks", omit: []string{"url"}}, // which for many receivers is the key
	{kind: "webhook_deliveries", table: "webhook_deliveries"},
	{kind: "webhook_attempts", table: "webhook_attempts"},
	{kind: "api_tokens", table: "api_tokens", omit: []string{"hint"}},
	{kind: "imports", table: "imports", omit: []string{"blob"}},
	{kind: "exports", table: "exports"},
	{kind: "erasures", table: "erasures"},
}

// LeftOut are the tables that an export does not hold, and why.
var LeftOut = map[string]string{
	"access_asks": "secret", "consent_asks": "secret", "sign_in_links": "secret", "sessions": "secret", "identities": "secret",
	"api_requests": "passing", "drafts": "private", "uploads": "private", "import_lines": "passing", "watches": "passing",
	"usual_complaints": "reckoned", "search_texts": "reckoned", "hint_models": "reckoned", "rolled_up": "reckoned",
	"daily_figures": "reckoned", "hourly_tickets": "reckoned", "daily_work": "reckoned", "monthly_figures": "reckoned", "monthly_customers": "reckoned",
	"monthly_tickets": "reckoned", "monthly_work": "reckoned", "daily_escalated": "reckoned", "daily_escalations": "reckoned",
	"monthly_escalated": "reckoned", "monthly_escalations": "reckoned",
}
