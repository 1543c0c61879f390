// Package app holds the verbs of the desk, one use case a file. A verb asks
// permission, opens the transaction, calls pure code and enqueues what follows.
package app

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/live"
	"guichet/internal/mail"
	"guichet/internal/microsoft/azure"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/microsoft/graph"
	"guichet/internal/microsoft/partnercenter"
	"guichet/internal/postgres"
	"guichet/internal/rules"
	"guichet/internal/webhook"
)

// App is the parts that the verbs work with.
type App struct {
	db       *postgres.DB
	mail     *mail.Sender
	signIn   SignInConfig
	secrets  Sealer
	graph    *graph.Client
	azure    *azure.Client
	support  *azuresupport.Client
	partner  *partnercenter.Client
	files    *files.Store
	scanner  Scanner
	scanMost int64
	names    Names
	mailIn   MailIn
	quiet    Quiet
	webhooks *webhook.Poster
	now      func() time.Time
	silent   bool
	known    sync.Map // slug → knownDesk
	rules    versions[*rules.Program]
	offers   versions[desk.OpenOffer]
	offered  sync.Map     // desk id → knownOffer
	counts   sync.Map     // readerOf → railCounts
	people   sync.Map     // readerOf → knownPerson
	fired    sync.Map     // desk id → ruleCounts
	watched  sync.Map     // desk id → when tickets were last ordered to be looked through
	waiting  sync.Map     // desk id → knownIncidents
	swept    atomic.Int64 // when readers were last forgotten, Unix seconds
	agents   sync.Map     // assignableTo → assignable
	hints    sync.Map     // desk id → knownHint
	timers   sync.Map     // readerOf → knownTimer
	around   sync.Map     // desk id → knownElsewhere
	issues   sync.Map     // desk id → openIssues
	troubled sync.Map     // desk id → knownTrouble
	linked   sync.Map     // linkSide → knownLink
	handed   sync.Map     // readerOf → escalationsWaiting
	live     liveness
	exports  atomic.Int32 // that are being taken
	shipped  *rules.Program
	oidc     sync.Map // desk id, Nobody for Entra → knownProvider
}

// Parts is what an App is built from.
type Parts struct {
	DB       *postgres.DB
	Mail     *mail.Sender
	SignIn   SignInConfig
	Secrets  Sealer
	Graph    *graph.Client         // nil: one that refuses everything
	Azure    *azure.Client         // the same
	Support  *azuresupport.Client  // the same
	Partner  *partnercenter.Client // the same
	Files    *files.Store          // nil: one that keeps nothing
	Scanner  Scanner               // nil: files are trusted as they come
	ScanMost int64                 // bytes of the largest file that it takes; 0: whatever it lets in
	MailIn   MailIn
	Names    Names            // nil: the machine's own resolver
	Webhooks *webhook.Poster  // nil: one for the public network
	Quiet    Quiet            // zero: letters never wait for more to tell
	Now      func() time.Time // nil: the wall clock
	Silent   bool             // writes no letters: for loading what happened long ago
}

// New builds the verbs. Errors: a shipped ruleset that does not compile.
func New(p Parts) (*App, error) {
	shipped, err := rules.Compile(rules.Default(), desk.Vocabulary())
	if err != nil {
		return nil, err
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Graph == nil {
		p.Graph = graph.New(graph.Config{})
	}
	if p.Azure == nil {
		p.Azure = azure.New(azure.Config{})
	}
	if p.Support == nil {
		p.Support = azuresupport.New(azuresupport.Config{})
	}
	if p.Partner == nil {
		p.Partner = partnercenter.New(partnercenter.Config{})
	}
	if p.Names == nil {
		p.Names = net.DefaultResolver
	}
	if p.Webhooks == nil {
		p.Webhooks = webhook.New(webhook.Config{})
	}
	return &App{db: p.DB.At(p.Now), names: p.Names, webhooks: p.Webhooks, live: liveness{hub: live.New(p.Now)}, support: p.Support, partner: p.Partner, silent: p.Silent, mail: p.Mail, signIn: p.SignIn, secrets: p.Secrets, graph: p.Graph, azure: p.Azure, files: p.Files, mailIn: p.MailIn, quiet: p.Quiet, scanner: p.Scanner, scanMost: p.ScanMost, now: p.Now, shipped: shipped}, nil
}

// Now is the time by the app's clock.
func (a *App) Now() time.Time { return a.now() }

// Ready tells why the app cannot serve: no database, or one not migrated.
func (a *App) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	ok, err := a.db.Migrated(ctx)
	if err == nil && !ok {
		return errNotMigrated
	}
	return err
}

// deskMemory is how long a desk's settings are remembered: another process's
// change is seen after that, our own at once.
const deskMemory = 5 * time.Second

type knownDesk struct {
	desk  desk.Desk
	until time.Time
}

// Desk finds a desk by its slug. Errors: ErrNotFound.
func (a *App) Desk(ctx context.Context, slug string) (desk.Desk, error) {
	if k, ok := a.known.Load(slug); ok && a.now().Before(k.(knownDesk).until) {
		return k.(knownDesk).desk, nil
	}
	var d desk.Desk
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		d, err = tx.Desk(slug)
		return err
	})
	if err != nil {
		return desk.Desk{}, err
	}
	a.known.Store(d.Slug, knownDesk{d, a.now().Add(deskMemory)})
	return d, nil
}

// Actor finds who a session's person is today. A person who left or was
// switched off, or whose company was, is a visitor again; a subcontractor's is
// off outside the hours given.
func (a *App) Actor(ctx context.Context, d desk.Desk, person desk.ID, session string) (desk.Actor, error) {
	k, err := a.personNow(ctx, d, person)
	if errors.Is(err, desk.ErrNotFound) || err == nil && !k.person.Active {
		return desk.Visitor(d), nil
	}
	who := desk.Actor{Desk: d, Person: k.person, Subcontractor: k.subcontractor, SessionID: session}
	if k.subcontractor != nil {
		who.Off = off(*k.subcontractor, a.now())
	}
	return who, err
}

func off(c desk.Subcontractor, now time.Time) *desk.OutOfHours {
	var closed desk.OutOfHours
	if err := c.OnDuty(now); errors.As(err, &closed) {
		return &closed
	}
	return nil
}

// personMemory is how long a signed-in person is remembered. Whoever loses
// rights loses his sessions in the same act, which is read at every request.
const personMemory = 2 * time.Second

type knownPerson struct {
	person        desk.Person
	subcontractor *desk.Subcontractor // that lends him to the desk, nil for all others
	until         time.Time
}

func (a *App) personNow(ctx context.Context, d desk.Desk, id desk.ID) (knownPerson, error) {
	key := readerOf{d.ID, id}
	if k, ok := a.people.Load(key); ok && a.now().Before(k.(knownPerson).until) {
		return k.(knownPerson), nil
	}
	p, c, err := a.db.PersonNow(ctx, d.ID, id)
	if err != nil {
		return knownPerson{}, err
	}
	a.forgetReaders()
	k := knownPerson{p, c, a.now().Add(personMemory)}
	a.people.Store(key, k)
	return k, nil
}

// forgetReaders drops, once a minute, those who have left the page: what is
// remembered grows with who reads now, not with who ever did.
func (a *App) forgetReaders() {
	now := a.now()
	last := a.swept.Load()
	if now.Unix()-last < 60 || !a.swept.CompareAndSwap(last, now.Unix()) {
		return
	}
	a.people.Range(func(key, k any) bool {
		if now.After(k.(knownPerson).until) {
			a.people.Delete(key)
		}
		return true
	})
	a.timers.Range(func(key, k any) bool {
		if now.After(k.(knownTimer).until) {
			a.timers.Delete(key)
		}
		return true
	})
	a.counts.Range(func(key, c any) bool {
		if now.After(c.(railCounts).until) {
			a.counts.Delete(key)
		}
		return true
	})
	a.handed.Range(func(key, c any) bool {
		if now.After(c.(escalationsWaiting).until) {
			a.handed.Delete(key)
		}
		return true
	})
}
