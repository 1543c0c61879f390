package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"guichet/internal/desk"
)

// What webhooks are told of is read off the statements that write it, as what pages
// hear is: every one passes here, so that no verb has to remember it. The
// transaction's last batch hands it to the database, which writes a row for each
// webhook that wants to know. That a desk has none is remembered for a moment: another
// process's first webhook hears of what happens from noHooksFor on, our own at once.

const noHooksFor = 5 * time.Second

// decided are the lines of a ticket's time line that tell of a decision.
var decided = map[string]bool{
	string(desk.EventDecided): true, string(desk.EventConfirmed): true, string(desk.EventOverridden): true, string(desk.EventIncidentDecided): true,
}

// happens notes what a written row says happened. Rows by the hundred, of long ago,
// have lists for arguments and say nothing.
func (t *Tx) happens(table string, a args) {
	id := func(name string) *desk.ID {
		if v, ok := a[name].(desk.ID); ok && v != desk.Nobody {
			return &v
		}
		return nil
	}
	h := desk.Happening{Ticket: id("ticket")}
	switch table {
	case "tickets":
		h.Event, h.Ticket = desk.TicketCreated, id("id")
	case "messages":
		h.Event, h.Message = desk.MessageCreated, id("id")
		if internal, _ := a["internal"].(bool); internal {
			h.Event = desk.NoteCreated
		}
	case "findings":
		h.Event, h.Finding = desk.FindingCreated, id("id")
	case "events":
		h.Event, h.Kinds = desk.TicketUpdated, kinds(a)
		if decided[h.Kinds[0]] {
			h.Event = desk.DecisionMade
		}
	case "incident_events":
		h.Event, h.Incident, h.Kinds = desk.IncidentUpdated, id("incident"), kinds(a)
		switch desk.IncidentEventKind(h.Kinds[0]) {
		case desk.IncidentWasProposed:
			h.Event = desk.IncidentProposes
		case desk.IncidentWasOpened:
			h.Event = desk.IncidentOpened
		}
	case "escalation_events":
		h.Event, h.Escalation, h.Kinds = desk.EscalationUpdated, id("escalation"), kinds(a)
		if desk.EscalationEventKind(h.Kinds[0]) == desk.EscalationBegun {
			h.Event = desk.EscalationCreated
		}
	default:
		return
	}
	if h.Ticket != nil || h.Incident != nil || h.Escalation != nil {
		t.happened = desk.Happen(t.happened, h)
	}
}

func kinds(a args) []string { return []string{fmt.Sprint(a["kind"])} }

// tellWebhooks hands what happened to the database with the last batch; told is then
// which webhooks have something to send.
func (t *Tx) tellWebhooks(told *[]*desk.ID) {
	if len(t.happened) == 0 || t.wakes.none(t.Scope.Desk) {
		return
	}
	collect(t, told, `select tell_webhooks(@desk, @happened::jsonb, @now)`, args{"happened": t.happened, "now": t.Now}, pgx.RowTo[*desk.ID])
}

// WebhookQueue is where webhooks are sent from: apart, so that a receiver that is slow
// to answer keeps nobody else's work waiting.
const WebhookQueue = "webhooks"

// SendWebhook is the job of sending what waits for one webhook. It only wakes: what is
// to be sent are rows, which the clock finds too.
type SendWebhook struct {
	Desk    desk.ID `json:"desk"`
	Webhook desk.ID `json:"webhook"`
}

// Kind names the job.
func (SendWebhook) Kind() string { return "send_webhook" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (SendWebhook) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: WebhookQueue, MaxAttempts: 2}
}

// wakes gathers webhooks that have something to send, and orders one job for each some
// time after the commits: many acts within a moment are one job.
type wakes struct {
	mu      sync.Mutex
	waiting map[SendWebhook]bool
	idle    map[desk.ID]time.Time // desks without a webhook, and until when that is believed
	ordered bool
	insert  func([]river.InsertManyParams)
}

// none tells whether a desk had no webhook a moment ago.
func (w *wakes) none(home desk.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Before(w.idle[home])
}

// changed forgets what is believed of a desk whose webhooks were written.
func (w *wakes) changed(home desk.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.idle, home)
}

// add takes which webhooks have something to send; nil alone says that there are none.
func (w *wakes) add(home desk.ID, webhooks []*desk.ID) {
	if len(webhooks) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if webhooks[0] == nil {
		w.idle[home] = time.Now().Add(noHooksFor)
		return
	}
	for _, id := range webhooks {
		w.waiting[SendWebhook{home, *id}] = true
	}
	if !w.ordered {
		w.ordered = true
		time.AfterFunc(gatherFor, w.flush)
	}
}

func (w *wakes) flush() {
	w.mu.Lock()
	var jobs []river.InsertManyParams
	for job := range w.waiting {
		jobs = append(jobs, river.InsertManyParams{Args: job})
	}
	w.waiting, w.ordered = map[SendWebhook]bool{}, false
	w.mu.Unlock()
	if len(jobs) > 0 {
		w.insert(jobs)
	}
}

// orderSending orders jobs. Those that cannot be ordered are found by the clock.
func (db *DB) orderSending(jobs []river.InsertManyParams) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = db.jobs.InsertMany(ctx, jobs)
}
