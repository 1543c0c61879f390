// Package worker is the clock's door: the workers of the job queue and the one
// table of periodic work. A worker calls a verb and knows nothing else.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"guichet/internal/app"
)

// Hands are what a worker works with.
type Hands struct {
	Jobs  int  // at once
	Clock bool // also ask for the work that is done each minute, hour and day
}

// New makes the client that works the jobs of all desks. Start and Stop are the
// caller's.
func New(pool *pgxpool.Pool, schema string, a *app.App, h Hands, log *slog.Logger) (*river.Client[pgx.Tx], error) {
	w := river.NewWorkers()
	river.AddWorker(w, work(a.SendNotice))
	river.AddWorker(w, work(a.SendDigest))
	river.AddWorker(w, work(a.SendDaily))
	river.AddWorker(w, work(a.PrepareLinks))
	river.AddWorker(w, work(a.SendLink))
	river.AddWorker(w, work(a.TriageAgain))
	river.AddWorker(w, work(a.RunTrial).within(app.TrialTime))
	river.AddWorker(w, work(a.FanOutHints))
	river.AddWorker(w, work(a.RingClocks))
	river.AddWorker(w, work(a.WarnOfDeadlines))
	river.AddWorker(w, work(a.Recalculate).within(app.ReckonTime))
	river.AddWorker(w, work(a.TeachHint).within(app.TeachTime))
	river.AddWorker(w, work(a.ProposeCharge))
	river.AddWorker(w, work(a.SettleTickets))
	river.AddWorker(w, work(a.LookForIncidents))
	river.AddWorker(w, work(a.FanOutWatches))
	river.AddWorker(w, work(a.SendIncidentNotice))
	river.AddWorker(w, work(a.FanOutCircle))
	river.AddWorker(w, work(a.TellCircle))
	river.AddWorker(w, work(a.FanOutMonths))
	river.AddWorker(w, work(a.ChargeMonths))
	river.AddWorker(w, work(a.FanOutRollUps))
	river.AddWorker(w, work(a.RollUp))
	river.AddWorker(w, work(a.CatchUpFigures).within(app.CatchUpTime))
	river.AddWorker(w, work(a.FanOutHealth))
	river.AddWorker(w, work(a.RefreshHealth).within(app.RefreshTime))
	river.AddWorker(w, work(a.HearAzure))
	river.AddWorker(w, work(a.NewsOfIssue).within(app.NewsTime))
	river.AddWorker(w, work(a.NewsOfIssueLater).within(app.NewsTime))
	river.AddWorker(w, work(a.SendAnnouncements).within(app.AnnounceTime))
	escalations(w, a)
	channels(w, a)
	river.AddWorker(w, work(func(ctx context.Context, _ forgetExpired) error { return a.ForgetExpired(ctx) }))
	var asked []*river.PeriodicJob
	if h.Clock {
		asked = periodic()
	}
	return river.NewClient(riverpgxv5.New(pool), &river.Config{
		Schema:       schema,
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: h.Jobs}, app.HealthQueue: {MaxWorkers: healthJobs}, app.WebhookQueue: {MaxWorkers: app.WebhookSenders}},
		Workers:      w,
		PeriodicJobs: asked,
		JobTimeout:   time.Minute,
		Logger:       slog.New(trouble{log.Handler()}),
	})
}

// channels adds what is done for whatever comes in and goes out: files, mail, tables,
// webhooks.
func channels(w *river.Workers, a *app.App) {
	river.AddWorker(w, work(a.LookIntoFile).within(app.LookTime))
	river.AddWorker(w, work(a.JudgeMail).within(app.MailTime))
	river.AddWorker(w, work(a.FanOutMailboxes))
	river.AddWorker(w, work(a.ReadMailbox).within(app.MailboxTime))
	river.AddWorker(w, work(a.FanOutRenewals))
	river.AddWorker(w, work(a.RenewSearch).within(app.RenewTime))
	river.AddWorker(w, work(a.ReadImport).within(app.ImportTime))
	river.AddWorker(w, work(a.AddImport).within(app.ImportTime))
	river.AddWorker(w, work(a.FanOutOwed))
	river.AddWorker(w, work(a.FanOutSweeps))
	river.AddWorker(w, work(a.SweepDesk).within(app.SweepTime))
	river.AddWorker(w, work(a.FanOutWebhooks))
	river.AddWorker(w, work(a.SendWebhook).within(app.SendTime))
	river.AddWorker(w, work(a.SendWebhookNotice))
}

// escalations adds what is done for requests that are handed on.
func escalations(w *river.Workers, a *app.App) {
	river.AddWorker(w, work(a.PassOn))
	river.AddWorker(w, work(a.TakeHandoff))
	river.AddWorker(w, work(a.LeaveLink))
	river.AddWorker(w, work(a.SendDossier))
	river.AddWorker(w, work(a.FanOutAccess))
	river.AddWorker(w, work(a.ReadAccess).within(app.AccessTime))
	river.AddWorker(w, work(a.SendAccessNotice))
	river.AddWorker(w, work(a.SendPlanNotice))
	river.AddWorker(w, work(a.CountRequest))
	river.AddWorker(w, work(a.FanOutReminders))
	river.AddWorker(w, work(a.RemindEscalations))
	river.AddWorker(w, work(a.SendEscalationNotice))
	river.AddWorker(w, work(a.FileRequest).within(app.ReadTime))
	river.AddWorker(w, work(a.SendEvidence).within(app.ReadTime))
	river.AddWorker(w, work(a.SayRequest))
	river.AddWorker(w, work(a.FanOutRequests))
	river.AddWorker(w, work(a.ReadRequests).within(app.ReadTime))
}

// healthJobs is how many tenants are asked at once.
const healthJobs = 10

// periodic is all work that the clock asks for.
func periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		every(10*time.Minute, forgetExpired{}),
		every(6*time.Hour, app.LearnHints{}),
		every(24*time.Hour, app.ProposeMonthly{}),
		every(time.Minute, app.Ring{}),
		every(time.Hour, app.RollUps{}),
		every(24*time.Hour, app.SweepFiles{}),
		every(10*time.Minute, app.OwedLetters{}),
		every(time.Minute, app.RenewSearches{}),
		every(time.Minute, app.SweepWebhooks{}),
		every(app.CircleEvery, app.CircleRounds{}),
		every(time.Minute, app.PollHealth{}),
		every(5*time.Minute, app.PollAzure{}),
		every(5*time.Minute, app.WatchAccess{}),
		every(time.Minute, app.Watches{}),
		every(time.Minute, app.Reminders{}),
		every(5*time.Minute, app.WatchRequests{}),
		every(app.MailboxesEvery, app.ReadMailboxes{}),
	}
}

// every runs a job at each interval, once however many replicas there are.
func every(interval time.Duration, job river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
		return job, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: interval}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

type forgetExpired struct{}

// Kind names the job.
func (forgetExpired) Kind() string { return "forget_expired" }

// worker hands a job's arguments to a verb.
type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	verb func(context.Context, T) error
	most time.Duration // 0: as long as any job may take
}

func work[T river.JobArgs](verb func(context.Context, T) error) *worker[T] {
	return &worker[T]{verb: verb}
}

// within gives long work the time that it needs.
func (w *worker[T]) within(most time.Duration) *worker[T] { w.most = most; return w }

// Timeout implements river.Worker.
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.most }

// Work implements river.Worker.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error { return w.verb(ctx, job.Args) }

// trouble passes on warnings and errors: the queue also reports its figures
// every few seconds.
type trouble struct{ slog.Handler }

// Enabled implements slog.Handler.
func (t trouble) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && t.Handler.Enabled(ctx, level)
}
