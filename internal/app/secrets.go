package app

import (
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
// the ids of their rows, so that no job or table holds a token.
type Sealer struct{ key [32]byte }

// NewSealer takes the installation's 32-byte key.
func NewSealer(key []byte) (Sealer, error) {
	if len(key) != 32 {
		return Sealer{}, errors.New("the secret key must be 32 bytes")
	}
	return Sealer{[32]byte(key)}, nil
}

// Seal encrypts with AES-256-GCM; the nonce stands before the text.
func (s Sealer) Seal(text string) ([]byte, error) {
	g, err := s.gcm()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, g.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return g.Seal(nonce, nonce, []byte(text), nil), nil
}

// Unseal decrypts what Seal made; "" for nothing.
func (s Sealer) Unseal(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	g, err := s.gcm()
	if err != nil {
		return "", err
	}
	if len(b) < g.NonceSize() {
		return "", errors.New("a sealed secret is cut short")
	}
	text, err := g.Open(nil, b[:g.NonceSize()], b[g.NonceSize():], nil)
	return string(text), err
}

func (s Sealer) gcm() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.key[:])
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
