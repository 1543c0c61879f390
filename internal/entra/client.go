package entra

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"

	"guichet/internal/desk"
)

// largestAnswer is in bytes. Entra's key set, the largest that we fetch, has
// some 20,000.
const largestAnswer = 1 << 20

// errInsecure is for an address that another answer made us go to.
var errInsecure = errors.New("not https")

// newClient makes a client that gives up in time, reads no more than it must,
// follows no redirect, and speaks https unless allowed otherwise. The guard
// sees each address just before it is connected to, after names are resolved.
func newClient(proxy func(*http.Request) (*url.URL, error), guard func(network, address string, _ syscall.RawConn) error, allowHTTP bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: guard}
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &carefulTransport{
			allowHTTP: allowHTTP,
			next: &http.Transport{
				Proxy:               proxy,
				DialContext:         dialer.DialContext,
				TLSHandshakeTimeout: 5 * time.Second,
				IdleConnTimeout:     time.Minute,
				MaxIdleConnsPerHost: 4,
				ForceAttemptHTTP2:   true,
			},
		},
		// A redirect would take the secret and the code somewhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type carefulTransport struct {
	next      http.RoundTripper
	allowHTTP bool
}

func (c *carefulTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !c.allowHTTP {
		return nil, fmt.Errorf("%s: %w", r.URL.Redacted(), errInsecure)
	}
	answer, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, largestAnswer)
	return answer, nil
}

// onlyKeysOf makes a client for key sets that leaves out each key marked with
// an issuer other than the pattern. Entra's set holds keys of single tenants
// too, the personal accounts' among them, which must not sign for any other
// tenant (Microsoft, "Access tokens", on the issuer of a signing key).
func onlyKeysOf(pattern string, client *http.Client) *http.Client {
	filtered := *client
	filtered.Transport = &keyFilter{next: client.Transport, pattern: pattern}
	return &filtered
}

type keyFilter struct {
	next    http.RoundTripper
	pattern string
}

func (k *keyFilter) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := k.next.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		return answer, err
	}
	defer answer.Body.Close()
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	set.Keys = slices.DeleteFunc(set.Keys, k.foreign)
	kept, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(kept))
	answer.ContentLength = int64(len(kept))
	return answer, nil
}

func (k *keyFilter) foreign(key json.RawMessage) bool {
	var mark struct {
		Issuer string `json:"issuer"`
	}
	err := json.Unmarshal(key, &mark)
	return err != nil || mark.Issuer != "" && mark.Issuer != k.pattern
}

// refusePrivate lets a connection go to public addresses only, so that no
// desk can have us ask the machine's neighbours.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if !desk.IsPublic(to.Addr()) {
		return fmt.Errorf("%s is not a public address", to.Addr())
	}
	return nil
}
