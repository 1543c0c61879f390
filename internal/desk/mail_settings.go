package desk

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// MailSettings is how a desk takes mail.
type MailSettings struct {
	Addresses []string // of the desk's own, which lead to its address here
	Unknown   string   // what becomes of mail of strangers: UnknownWaits or UnknownIgnored
	Mailbox   Mailbox
	Secret    []byte // sealed
	HasSecret bool   `db:"-"` // set where Secret is left out
	Place     MailPlace
	Failures  int
	Trouble   string // message key of why the mailbox could not be read, "" when it was
	ReadAt    *time.Time
	NextAt    *time.Time
	Revision  int
	PersonID  ID
	ChangedAt *time.Time
}

// What becomes of mail of strangers.
const (
	UnknownWaits   = "quarantine"
	UnknownIgnored = "ignore"
)

// Mailbox is a mailbox that is read for a desk.
type Mailbox struct {
	Kind    string `json:"kind,omitempty"`   // "", MailboxIMAP or MailboxGraph
	Host    string `json:"host,omitempty"`   // of IMAP, with its port
	Tenant  string `json:"tenant,omitempty"` // of Graph, GUID
	Client  string `json:"client,omitempty"` // of Graph: the desk's own application there, GUID
	User    string `json:"user,omitempty"`   // its name there
	Folder  string `json:"folder,omitempty"`
	Trusted string `json:"trusted,omitempty"` // whose Authentication-Results are believed (RFC 8601, authserv-id)
	On      bool   `json:"on,omitempty"`
}

// How a mailbox is read.
const (
	MailboxIMAP  = "imap"
	MailboxGraph = "graph" // of Microsoft 365
)

// MailPlace is how far a mailbox was read.
type MailPlace struct {
	Validity uint32 `json:"validity,omitempty"` // of IMAP: while it stays, a UID is for ever (RFC 9051, section 2.3.1.1)
	UID      uint32 `json:"uid,omitempty"`      // the highest that was taken

	Link  string    `json:"link,omitempty"` // of Graph: the page to be read next
	Since time.Time `json:"since,omitzero"` // of Graph: until when everything was read, should it forget the link
}

// BoxedMail is a mail in a mailbox, and how it is called there.
type BoxedMail struct {
	Raw []byte // empty for one that is larger than what is taken
	UID uint32 // by IMAP
	ID  string // by Graph
}

// MailTrouble is why a mailbox cannot be read, as its owner can mend it.
type MailTrouble struct {
	Key string // of the message
	Err error
}

func (t MailTrouble) Error() string {
	if t.Err == nil {
		return t.Key
	}
	return t.Key + ": " + t.Err.Error()
}

// MailTroubleOf is the message key of what stands in the way, "" for an error of
// another kind and for none.
func MailTroubleOf(err error) string {
	var t MailTrouble
	if errors.As(err, &t) {
		return t.Key
	}
	return ""
}

// MailForm is the settings as an admin types them.
type MailForm struct {
	Addresses, Unknown                        string
	Kind, Host, User, Folder, Trusted, Secret string
	Tenant, Client                            string
	On                                        bool
	Revision                                  int
}

const mostAddresses = 20

// With returns settings as a form has them; a mailbox that is another than before is
// read from now on. Errors: Invalid, by field; ErrConflict when somebody changed them
// since the form was made.
func (s MailSettings) With(f MailForm, who ID, now time.Time) (MailSettings, error) {
	if f.Revision != s.Revision {
		return s, ErrConflict
	}
	var p Problems
	p.OneOf("unknown", f.Unknown, UnknownWaits, UnknownIgnored)
	p.OneOf("mailbox", f.Kind, "", MailboxIMAP, MailboxGraph)
	s.Unknown, s.Addresses = f.Unknown, []string{}
	for _, a := range strings.FieldsFunc(strings.ToLower(f.Addresses), func(r rune) bool { return strings.ContainsRune(", ;\r\n\t", r) }) {
		if p.Email("addresses", a); !slices.Contains(s.Addresses, a) {
			s.Addresses = append(s.Addresses, a)
		}
	}
	if len(s.Addresses) > mostAddresses {
		p.Add("addresses", "error.too_many", "Most", mostAddresses)
	}
	was := s.Mailbox
	s.Mailbox = Mailbox{Kind: f.Kind, On: f.On && f.Kind != ""}
	if f.Kind != "" {
		p.Merge(s.Mailbox.read(f))
	}
	if moved := was; moved.on() != s.Mailbox.on() {
		s.Place, s.Failures, s.Trouble, s.NextAt = MailPlace{}, 0, "", nil
	}
	if f.Kind != "" && was.where() != s.Mailbox.where() { // no server learns the secret of another
		s.Secret = nil
	}
	if f.Secret == "" && f.Kind != "" && len(s.Secret) == 0 {
		p.Add("mailbox_secret", "error.required")
	}
	s.Revision, s.PersonID, s.ChangedAt = s.Revision+1, who, &now
	return s, p.Err()
}

// where is who is told its secret.
func (m Mailbox) where() [4]string { return [4]string{m.Kind, m.Host, m.Tenant, m.Client} }

// on is what makes a mailbox another one.
func (m Mailbox) on() [6]string {
	return [6]string{m.Kind, m.Host, m.Tenant, m.Client, m.User, m.Folder}
}

func (m *Mailbox) read(f MailForm) (p Problems) {
	m.User, m.Folder, m.Trusted = clean(f.User), clean(f.Folder), strings.ToLower(clean(f.Trusted))
	p.Text("folder", m.Folder, 0, 200)
	p.Text("trusted", m.Trusted, 0, 253)
	if m.Kind == MailboxGraph {
		m.Tenant, m.Client = strings.ToLower(clean(f.Tenant)), strings.ToLower(clean(f.Client))
		p.Email("user", m.User)
		for field, id := range map[string]string{"tenant": m.Tenant, "client": m.Client} {
			if !guidShape.MatchString(id) {
				p.Add(field, "error.mail.guid")
			}
		}
		return p
	}
	p.Text("user", m.User, 1, 254)
	m.Host = strings.ToLower(clean(f.Host))
	host, port, found := strings.Cut(m.Host, ":")
	if !found {
		m.Host = host + ":993"
	}
	known := domainShape.MatchString(host) || host == "127.0.0.1"
	if !known || found && (port == "" || strings.Trim(port, "0123456789") != "") {
		p.Add("host", "error.mail.host")
	}
	return p
}

// Held tells a mailbox that must not be asked yet.
func (s MailSettings) Held(now time.Time) bool { return s.NextAt != nil && now.Before(*s.NextAt) }

// mailboxPause is how long a mailbox rests after its first failure; each one more
// doubles it, up to six times.
const mailboxPause = 2 * time.Minute

// Read notes how a reading went: trouble is a message key, "" for none.
func (s MailSettings) Read(place MailPlace, trouble string, now time.Time) MailSettings {
	s.Place, s.Trouble, s.ReadAt, s.NextAt = place, trouble, &now, nil
	if trouble == "" {
		s.Failures = 0
		return s
	}
	s.Failures++
	next := now.Add(mailboxPause << min(s.Failures-1, 5))
	s.NextAt = &next
	return s
}
