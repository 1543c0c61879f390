package demo

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// Addresses within a realm, as Entra names them.
const (
	authorizePath = "/oauth2/v2.0/authorize"
	tokenPath     = "/oauth2/v2.0/token"
	signInPath    = "/sign-in"
)

const (
	signInLifetime = time.Hour // the page may stand open for a while
	codeLifetime   = time.Minute
)

var errNoSuchSignIn = errors.New("no such sign-in under way")

// A realm is one provider: of many tenants, or plain. It remembers the
// sign-ins under way, for as long as each may take.
type realm struct {
	base    string // without a slash at the end
	prefix  string // path below base
	tenants bool
	people  []Person
	client  *relyingParty
	key     *signingKey
	now     func() time.Time

	mu    sync.Mutex
	byID  map[string]*signIn
	codes map[string]*signIn
}

// A signIn is one authorization request on its way to a code.
type signIn struct {
	request oidc.AuthRequest
	id      string
	person  *Person // once chosen
	chosen  time.Time
	began   time.Time
}

func newRealm(base string, tenants bool, people []Person, client *relyingParty, key *signingKey) *realm {
	r := &realm{
		base: base, prefix: "/plain", tenants: tenants, people: people, key: key, now: time.Now,
		byID: map[string]*signIn{}, codes: map[string]*signIn{},
	}
	if tenants {
		r.prefix = "/organizations"
	}
	own := *client
	own.signInURL = r.base + r.prefix + signInPath
	r.client = &own
	return r
}

// issuer is what a request's answer is issued by. For many tenants it is a
// pattern, but for a token it is the tenant of the person whom it is about.
func (r *realm) issuer(request *http.Request) string {
	if !r.tenants {
		return r.base + r.prefix
	}
	tenant := "{tenantid}"
	if request.URL.Path == tokenPath {
		r.mu.Lock()
		defer r.mu.Unlock()
		if s, ok := r.codes[request.PostFormValue("code")]; ok {
			tenant = s.person.Tenant
		}
	}
	return r.base + "/" + tenant + "/v2.0"
}

// begin remembers an authorization request that has been found good, and
// forgets those that nobody completed.
func (r *realm) begin(request oidc.AuthRequest) *signIn {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for id, s := range r.byID {
		if now.Sub(s.began) > signInLifetime {
			delete(r.byID, id)
		}
	}
	for code, s := range r.codes {
		if now.Sub(s.chosen) > codeLifetime {
			delete(r.codes, code)
		}
	}
	s := &signIn{request: request, id: uuid.NewString(), began: now}
	r.byID[s.id] = s
	return s
}

// find returns a sign-in that is still under way.
func (r *realm) find(id string) (*signIn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.byID[id]
	if !ok || r.now().Sub(s.began) > signInLifetime {
		return nil, errNoSuchSignIn
	}
	return s, nil
}

// choose signs the person in.
func (r *realm) choose(s *signIn, p *Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.person, s.chosen = p, r.now()
}

// keep remembers the code of a completed sign-in, whose page is of no more
// use.
func (r *realm) keep(id, code string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.byID[id]
	if !ok {
		return errNoSuchSignIn
	}
	delete(r.byID, id)
	r.codes[code] = s
	return nil
}

// spend returns the sign-in of a code, once.
func (r *realm) spend(code string) (*signIn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.codes[code]
	delete(r.codes, code)
	if !ok || r.now().Sub(s.chosen) > codeLifetime {
		return nil, errors.New("the code was spent, expired, or never given")
	}
	return s, nil
}

func (r *realm) person(matches func(Person) bool) (*Person, bool) {
	i := slices.IndexFunc(r.people, matches)
	if i < 0 {
		return nil, false
	}
	return &r.people[i], true
}

// subject is the sub claim. Entra's differs from client to client, so that
// nobody takes it for the person's own key.
func (r *realm) subject(p *Person) string {
	if !r.tenants {
		return p.Object
	}
	sum := sha256.Sum256([]byte(r.client.id + "/" + p.Tenant + "/" + p.Object))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
