package desk

import (
	"slices"
	"strings"
	"time"
)

// Sender is the domain in whose name a desk's letters go out, once it is verified; until
// then, and without one, they go out from the installation's address.
type Sender struct {
	Domain     string // "": none
	Mailbox    string // what stands before the @
	Selector   string // of its key in the DNS
	PublicKey  string // PKIX in base64, as the DNS must hold it
	PrivateKey []byte // PKCS #8, sealed
	Checks     []DNSCheck
	CheckedAt  *time.Time
	VerifiedAt *time.Time // nil: it is not
	Revision   int
	PersonID   ID
	ChangedAt  *time.Time
}

// Address is who letters are from, "" for no domain.
func (s Sender) Address() string {
	if s.Domain == "" {
		return ""
	}
	return s.Mailbox + "@" + s.Domain
}

// Installation is what of the portal's own mail a desk's records speak of.
type Installation struct {
	From   string // domain of the portal's own letters, whose servers send the desk's
	MailIn string // where mail comes in, "" for nowhere
}

// DNSKind is what a record of a domain is for.
type DNSKind string

// The records. Only the key is needed: it proves that the domain is the desk's, and is
// what receivers verify. The others help letters to arrive.
const (
	DNSKey    DNSKind = "dkim"  // RFC 6376
	DNSHosts  DNSKind = "spf"   // RFC 7208: which servers may send
	DNSPolicy DNSKind = "dmarc" // RFC 7489: what receivers do with what is not the domain's
	DNSMail   DNSKind = "mx"    // mail to the domain comes in here
)

// DNSRecord is a record to make.
type DNSRecord struct {
	Kind              DNSKind
	Type, Name, Value string
}

// Needed tells the record without which letters do not go out from the domain.
func (r DNSRecord) Needed() bool { return r.Kind == DNSKey }

// DNSState is how a record was found.
type DNSState string

// The states of a record.
const (
	DNSFine    DNSState = "fine"
	DNSMissing DNSState = "missing"
	DNSWrong   DNSState = "wrong"
	DNSUnknown DNSState = "unknown" // the name server did not answer
	DNSTaken   DNSState = "taken"   // it is fine, and the domain is another desk's
)

// DNSCheck is how a record was found, and what stood there.
type DNSCheck struct {
	Kind  DNSKind  `json:"kind"`
	State DNSState `json:"state"`
	Found string   `json:"found,omitempty"`
}

// Records lists what a desk's domain must and should hold.
func (s Sender) Records(i Installation) []DNSRecord {
	list := []DNSRecord{
		{DNSKey, "TXT", s.Selector + "._domainkey." + s.Domain, "v=DKIM1; k=rsa; p=" + s.PublicKey},
		{DNSHosts, "TXT", s.Domain, "v=spf1 include:" + i.From + " ~all"},
		{DNSPolicy, "TXT", "_dmarc." + s.Domain, "v=DMARC1; p=quarantine"},
	}
	if i.MailIn != "" {
		list = append(list, DNSRecord{DNSMail, "MX", s.Domain, "10 " + i.MailIn + "."})
	}
	return list
}

// Judge says how a record stands, by the answers of the name server; failed says that it
// gave none.
func (r DNSRecord) Judge(answers []string, failed bool) DNSCheck {
	c := DNSCheck{Kind: r.Kind, State: DNSMissing}
	if failed {
		c.State = DNSUnknown
		return c
	}
	begins := map[DNSKind]string{DNSHosts: "v=spf1", DNSPolicy: "v=dmarc1"}[r.Kind]
	answers = slices.DeleteFunc(slices.Clone(answers), func(a string) bool { return !strings.HasPrefix(strings.ToLower(a), begins) })
	if len(answers) == 0 {
		return c
	}
	c.Found, c.State = cut(strings.Join(answers, " | "), 600), DNSWrong
	right := slices.ContainsFunc(answers, r.fits)
	if right && (len(answers) == 1 || r.Kind == DNSMail) { // two of one kind are none
		c.State = DNSFine
	}
	return c
}

// fits tells an answer that serves as the record does.
func (r DNSRecord) fits(answer string) bool {
	switch r.Kind {
	case DNSKey:
		return tag(answer, "p") == tag(r.Value, "p") && tag(r.Value, "p") != ""
	case DNSHosts:
		return slices.Contains(strings.Fields(strings.ToLower(answer)), strings.Fields(r.Value)[1])
	case DNSPolicy:
		return slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(tag(answer, "p")))
	}
	return strings.EqualFold(strings.TrimSuffix(answer, "."), strings.TrimSuffix(strings.Fields(r.Value)[1], "."))
}

// tag reads a field of a list of "name=value" between semicolons; of a key white space
// is no part (RFC 6376, section 3.2).
func tag(text, name string) string {
	for part := range strings.SplitSeq(text, ";") {
		if key, value, ok := strings.Cut(part, "="); ok && strings.TrimSpace(key) == name {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

// Checked returns the sender as the DNS was found. It is verified while its key is there
// and the domain is nobody else's; a name server that does not answer changes nothing.
func (s Sender) Checked(list []DNSCheck, free bool, now time.Time) Sender {
	for i := range list {
		if list[i].Kind != DNSKey {
			continue
		}
		if list[i].State == DNSFine && !free {
			list[i].State = DNSTaken
		}
		switch list[i].State {
		case DNSFine:
			if s.VerifiedAt == nil {
				s.VerifiedAt = &now
			}
		case DNSUnknown:
		default:
			s.VerifiedAt = nil
		}
	}
	s.Checks, s.CheckedAt = list, &now
	return s
}

// Check is how a record was found, nil before anybody asked.
func (s Sender) Check(k DNSKind) *DNSCheck {
	i := slices.IndexFunc(s.Checks, func(c DNSCheck) bool { return c.Kind == k })
	if i < 0 {
		return nil
	}
	return &s.Checks[i]
}

// SenderForm is the sender as an admin types it.
type SenderForm struct {
	Address  string
	Revision int
}

// With returns the sender as a form has it; another domain has another key, which the
// caller makes. Errors: Invalid, by field; ErrConflict when somebody changed it since
// the form was made.
func (s Sender) With(f SenderForm, i Installation, who ID, now time.Time) (Sender, error) {
	if f.Revision != s.Revision {
		return s, ErrConflict
	}
	address := strings.ToLower(clean(f.Address))
	var p Problems
	if address != "" {
		p.Email("address", address)
	}
	box, domain, _ := strings.Cut(address, "@")
	if len(p) == 0 && address != "" && (!domainShape.MatchString(domain) || len(box) > 64 || strings.Trim(box, "abcdefghijklmnopqrstuvwxyz0123456789.-_+") != "") {
		p.Add("address", "error.email")
	}
	for _, own := range []string{i.From, i.MailIn} {
		if own != "" && (domain == own || strings.HasSuffix(domain, "."+own)) {
			p.Add("address", "error.sender.portal")
			break
		}
	}
	if domain != s.Domain {
		s = Sender{Revision: s.Revision}
	}
	s.Domain, s.Mailbox = domain, box
	s.Revision, s.PersonID, s.ChangedAt = s.Revision+1, who, &now
	return s, p.Err()
}
