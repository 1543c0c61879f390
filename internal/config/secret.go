package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Secret is a setting that no log or message may show.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret, so that %v, %s and slog cannot print it.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[hidden]"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// KeyBytes is the length of a Key: AES-256 and HMAC-SHA-256 both take it.
const KeyBytes = 32

// Key is SECRET_KEY decoded: empty when unset, else KeyBytes bytes.
type Key struct{ bytes []byte }

// Bytes returns the key, KeyBytes long, or nothing when it is unset.
func (k Key) Bytes() []byte { return k.bytes }

// String hides the key.
func (k Key) String() string { return Secret(k.bytes).String() }

// GoString hides the key from %#v.
func (k Key) GoString() string { return k.String() }

// MarshalText hides the key from JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads base64. Its errors never repeat the value.
func (k *Key) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return errors.New("is not base64")
	}
	if len(raw) != KeyBytes {
		return fmt.Errorf("holds %d bytes, not %d", len(raw), KeyBytes)
	}
	k.bytes = raw
	return nil
}

// readSecretFiles replaces each NAME_FILE of a secret by the file's content
// under NAME.
func readSecretFiles(values map[string]string) Problems {
	var problems Problems
	for _, s := range Describe() {
		path, given := values[s.Name+"_FILE"]
		if !s.Secret || !given {
			continue
		}
		if _, both := values[s.Name]; both {
			problems = append(problems, Problem{s.Name, "is given, and so is " + s.Name + "_FILE", "keep one of the two"})
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, Problem{s.Name + "_FILE", "cannot be read: " + err.Error(), "name a file that this user may read"})
			continue
		}
		// An editor or echo ends a file with a newline that is no part of the secret.
		value := strings.TrimRight(string(content), "\r\n")
		if value == "" {
			problems = append(problems, Problem{s.Name + "_FILE", "names an empty file", "put the secret in it"})
			continue
		}
		values[s.Name] = value
	}
	return problems
}
