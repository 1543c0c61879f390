// Package outlook reads mailboxes of Microsoft 365 that belong to desks, from Microsoft
// Graph ("Use the Outlook mail REST API").
package outlook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/rest"
)

// Config is what all mailboxes have in common.
type Config struct {
	Root      *url.URL         // https://graph.microsoft.com, or a national cloud's
	Authority *url.URL         // who gives tokens for it
	Largest   int64            // bytes of a mail that is fetched
	Now       func() time.Time // nil: the wall clock
}

// Mailbox is one that is open. It is read as an application of the desk's own,
// registered in the tenant that the mailbox is in: who knows the secret of one tenant
// reads no other's.
type Mailbox struct {
	client *rest.Client
	box    desk.Mailbox
	cfg    Config
	place  desk.MailPlace
	left   []string // ids, of the page that is read
	next   string   // the page after it; "" before the first one
	ended  bool     // the page after it belongs to the next reading
	pages  int      // that were read
}

const (
	mostPages = 2_000                  // of one reading; ours, against links that lead in a circle
	mailPage  = 50                     // mails of a page
	askTime   = time.Minute            // of one question
	slack     = time.Hour              // between its clock and ours
	immutable = `IdType="ImmutableId"` // an id that stays when a person moves the mail ("Obtain immutable identifiers for Outlook resources")
)

// Open finds the folder. A mailbox that was never read is read from now on.
// Errors: a desk.MailTrouble.
func Open(ctx context.Context, cfg Config, box desk.Mailbox, secret string, from desk.MailPlace) (*Mailbox, error) {
	b := &Mailbox{box: box, cfg: cfg, place: from, next: from.Link, client: rest.New(rest.Config{Root: cfg.Root, Authority: cfg.Authority,
		ClientID: box.Client, ClientSecret: secret, Now: cfg.Now, HTTP: &http.Client{Timeout: askTime}})}
	folder, err := b.folder(ctx)
	if err != nil {
		return nil, err
	}
	if b.next == "" {
		b.place.Since = b.client.Now()
		b.next = b.since(folder, b.place.Since.Add(-slack))
		err = b.pass(ctx)
	} else if err = b.turn(ctx); rest.Refused(err, desk.RefusedGone) || rest.Refused(err, desk.RefusedRequest) {
		// It forgets how far one was after a while ("syncStateNotFound").
		b.next, b.left = b.since(folder, b.place.Since.Add(-slack)), nil
		err = b.turn(ctx)
	}
	if err != nil {
		return nil, trouble(err, "mailin.trouble.folder")
	}
	return b, nil
}

// since is the address of what came to a folder from a time on ("Get delta of messages";
// receivedDateTime is all that it filters by).
func (b *Mailbox) since(folder string, t time.Time) string {
	q := url.Values{"changeType": {"created"}, "$select": {"id"}, "$filter": {"receivedDateTime ge " + t.UTC().Format(time.RFC3339)}}
	return b.client.Address(b.path("mailFolders", folder, "messages", "delta"), q)
}

func (b *Mailbox) path(parts ...string) string {
	path := "v1.0/users/" + url.PathEscape(b.box.User)
	for _, p := range parts {
		path += "/" + url.PathEscape(p)
	}
	return path
}

// folder is the id of the one that is read: the inbox, or one beside it by its name
// ("List mailFolders").
func (b *Mailbox) folder(ctx context.Context) (string, error) {
	if b.box.Folder == "" {
		return "inbox", nil
	}
	var found struct {
		Value []struct {
			ID string `json:"id"`
		} `json:"value"`
	}
	q := url.Values{"$select": {"id"}, "$filter": {"displayName eq '" + strings.ReplaceAll(b.box.Folder, "'", "''") + "'"}}
	answer, err := b.client.Send(ctx, rest.Call{Method: http.MethodGet, Path: b.path("mailFolders"), Params: q, Tenant: b.box.Tenant})
	if err == nil {
		err = answer.Into(&found)
	}
	if err != nil {
		return "", trouble(err, "mailin.trouble.folder")
	}
	if len(found.Value) == 0 || found.Value[0].ID == "" {
		return "", desk.MailTrouble{Key: "mailin.trouble.folder"}
	}
	return found.Value[0].ID, nil
}

// pass goes to the end of what is there already, and takes none of it.
func (b *Mailbox) pass(ctx context.Context) error {
	for !b.ended {
		if err := b.turn(ctx); err != nil {
			return err
		}
		b.left = nil
	}
	b.ended, b.place.Link = false, b.next
	return b.turn(ctx)
}

// turn reads the next page.
func (b *Mailbox) turn(ctx context.Context) error {
	if b.pages++; b.pages > mostPages {
		return desk.Refusal{Kind: desk.RefusedForm, Detail: "more pages than a reading takes"}
	}
	answer, err := b.client.Send(ctx, rest.Call{Method: http.MethodGet, At: b.next, Tenant: b.box.Tenant,
		Header: http.Header{"Prefer": {"odata.maxpagesize=" + strconv.Itoa(mailPage), immutable}}})
	if err != nil {
		return err
	}
	var page struct {
		Value []struct {
			ID      string `json:"id"`
			Removed any    `json:"@removed"`
		} `json:"value"`
		Next  string `json:"@odata.nextLink"`
		Delta string `json:"@odata.deltaLink"`
	}
	if err := answer.Into(&page); err != nil {
		return err
	}
	for _, m := range page.Value {
		if m.ID != "" && m.Removed == nil {
			b.left = append(b.left, m.ID)
		}
	}
	if b.next, b.ended = page.Next, page.Next == ""; b.ended {
		b.next = page.Delta
	}
	if b.next == "" {
		return desk.Refusal{Kind: desk.RefusedForm, Detail: "a page that leads nowhere"}
	}
	return nil
}

// Next implements app.Mailbox.
func (b *Mailbox) Next(ctx context.Context) (desk.BoxedMail, error) {
	for len(b.left) == 0 {
		b.place.Link = b.next
		if b.ended {
			b.place.Since = b.client.Now()
			return desk.BoxedMail{}, io.EOF
		}
		if err := b.turn(ctx); err != nil {
			return desk.BoxedMail{}, trouble(err, "mailin.trouble.folder")
		}
	}
	m := desk.BoxedMail{ID: b.left[0]}
	answer, err := b.client.Send(ctx, rest.Call{Method: http.MethodGet, Path: b.path("messages", m.ID, "$value"), Tenant: b.box.Tenant,
		Header: http.Header{"Prefer": {immutable}}, Most: b.cfg.Largest})
	switch {
	case rest.Refused(err, desk.RefusedGone), rest.Refused(err, desk.RefusedSize): // deleted since, or too large: it stays where it is
		return m, nil
	case err != nil:
		return m, trouble(err, "mailin.trouble.fetch")
	}
	m.Raw = answer.Body
	return m, nil
}

// Taken implements app.Mailbox.
func (b *Mailbox) Taken(ctx context.Context, m desk.BoxedMail) error {
	if len(m.Raw) > 0 {
		_, err := b.client.Send(ctx, rest.Call{Method: http.MethodPatch, Path: b.path("messages", m.ID), Tenant: b.box.Tenant,
			Header: http.Header{"Prefer": {immutable}}, Body: map[string]bool{"isRead": true}})
		if err != nil && !rest.Refused(err, desk.RefusedGone) {
			return trouble(err, "mailin.trouble.mark")
		}
	}
	b.left = b.left[1:]
	return nil
}

// Place implements app.Mailbox. In the middle of a page it is the page's beginning: what
// was taken of it already is known by its name.
func (b *Mailbox) Place() desk.MailPlace { return b.place }

// Close implements app.Mailbox.
func (b *Mailbox) Close() error { return nil }

// trouble is a refusal in the words of who owns the mailbox; other is what it means where
// the request itself was not taken.
func trouble(err error, other string) error {
	var known desk.MailTrouble
	if errors.As(err, &known) {
		return err
	}
	var r desk.Refusal
	if !errors.As(err, &r) {
		return err
	}
	key := other
	switch r.Kind {
	case desk.RefusedSetup:
		key = "mailin.trouble.app"
	case desk.RefusedConsent, desk.RefusedRole:
		key = "mailin.trouble.consent"
	case desk.RefusedThrottle, desk.RefusedBudget:
		key = "mailin.trouble.throttle"
	case desk.RefusedDown:
		key = "mailin.trouble.reach"
	}
	return desk.MailTrouble{Key: key, Err: err}
}
