package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"guichet/internal/desk"
)

// bounceTag is what the address says that hears of a letter's failure, before anything
// is believed of it.
type bounceTag struct {
	desk, letter desk.ID
	mac          []byte
}

// A letter's envelope names an address of its own, so that a report is matched to it
// whatever that quotes. It fills the 64 signs that may stand before the @ (RFC 5321,
// section 4.5.3.1.1): "b", and in base 32 the desk, the letter and a code of 56 bits. No
// desk's name is as long.
const bounceMACLen = 7

func (s Sealer) bounceAddress(domain string, of, letter desk.ID) string {
	b := append(append(of[:len(of):len(of)], letter[:]...), bounceMAC(s.key, of, letter)...)
	return "b" + replyEncoding.EncodeToString(b) + "@" + domain
}

func bounceMAC(key [32]byte, of, letter desk.ID) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("a letter came back "))
	m.Write(of[:])
	m.Write(letter[:])
	return m.Sum(nil)[:bounceMACLen]
}

func readBounceAddress(address string) (bounceTag, bool) {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	if len(local) != 64 || local[0] != 'b' {
		return bounceTag{}, false
	}
	b, err := replyEncoding.DecodeString(local[1:])
	if err != nil || len(b) != 32+bounceMACLen {
		return bounceTag{}, false
	}
	return bounceTag{desk: desk.ID(b[:16]), letter: desk.ID(b[16:32]), mac: b[32:]}, true
}

// ofLetter tells, in constant time, whether we made a tag.
func (s Sealer) ofLetter(t bounceTag) bool {
	fits := hmac.Equal(t.mac, bounceMAC(s.key, t.desk, t.letter))
	for _, key := range s.old {
		fits = hmac.Equal(t.mac, bounceMAC(key, t.desk, t.letter)) || fits
	}
	return fits
}
