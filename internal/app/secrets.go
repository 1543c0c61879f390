package app

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"guichet/internal/desk"
)

// Sealer keeps secrets unreadable at rest and derives the tokens of links from
// the ids of their rows, so that no job or table holds a token. It seals by one
// key and opens by that and by earlier ones, so that a key can be changed.
type Sealer struct {
	key [32]byte
	old [][32]byte
}

// NewSealer takes the installation's 32-byte key, and those before it that may
// still be needed.
func NewSealer(key []byte, old ...[]byte) (Sealer, error) {
	if len(key) != 32 {
		return Sealer{}, errors.New("the secret key must be 32 bytes")
	}
	s := Sealer{key: [32]byte(key)}
	for _, k := range old {
		if len(k) != 32 {
			return Sealer{}, errors.New("an old secret key must be 32 bytes")
		}
		s.old = append(s.old, [32]byte(k))
	}
	return s, nil
}

// sealMark begins what is sealed with the name of its key: the mark, then four
// bytes of the key's hash, the nonce, the text. Older seals begin with the nonce.
var sealMark = []byte("gk1:")

const keyNameLen = 4

func sealHead(key [32]byte) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("name of a sealing key"))
	return append(bytes.Clone(sealMark), m.Sum(nil)[:keyNameLen]...)
}

// Seal encrypts with AES-256-GCM; the key's name and the nonce stand before the
// text.
func (s Sealer) Seal(text string) ([]byte, error) {
	g, err := gcmOf(s.key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, g.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	head := sealHead(s.key)
	return g.Seal(append(bytes.Clone(head), nonce...), nonce, []byte(text), head), nil
}

// ErrSealed is a secret that opens by no key that was given.
var ErrSealed = errors.New("sealed by a key that is neither SECRET_KEY nor SECRET_KEY_OLD")

// Unseal decrypts what Seal made by this key or an earlier one; "" for nothing.
// Errors: ErrSealed.
func (s Sealer) Unseal(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	for _, key := range append([][32]byte{s.key}, s.old...) {
		if text, err := unsealBy(key, b); err == nil {
			return text, nil
		}
	}
	return "", ErrSealed
}

func unsealBy(key [32]byte, b []byte) (string, error) {
	g, err := gcmOf(key)
	if err != nil {
		return "", err
	}
	if head := sealHead(key); bytes.HasPrefix(b, head) {
		if text, err := open(g, b[len(head):], head); err == nil {
			return text, nil
		}
	}
	return open(g, b, nil)
}

func open(g cipher.AEAD, b, head []byte) (string, error) {
	if len(b) < g.NonceSize() {
		return "", errors.New("a sealed secret is cut short")
	}
	text, err := g.Open(nil, b[:g.NonceSize()], b[g.NonceSize():], head)
	return string(text), err
}

// Stale tells what is sealed by another key than today's, or by none that names
// itself.
func (s Sealer) Stale(b []byte) bool { return len(b) > 0 && !bytes.HasPrefix(b, sealHead(s.key)) }

// Anew seals by today's key what is sealed by any.
func (s Sealer) Anew(b []byte) ([]byte, error) {
	text, err := s.Unseal(b)
	if err != nil {
		return nil, err
	}
	return s.Seal(text)
}

func gcmOf(key [32]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// linkToken is what stands in a mailed link.
func (s Sealer) linkToken(link desk.ID) string {
	m := hmac.New(sha256.New, s.key[:])
	m.Write([]byte("sign-in link "))
	m.Write(link[:])
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
