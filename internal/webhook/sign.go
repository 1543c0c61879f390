package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Sign is the header webhook-signature of a message: one signature for each secret,
// so that a receiver who still has the one before can check it (Standard Webhooks,
// "Signature scheme").
func Sign(id string, at time.Time, body string, secrets ...[]byte) string {
	signed := id + "." + strconv.FormatInt(at.Unix(), 10) + "." + body
	list := make([]string, len(secrets))
	for i, secret := range secrets {
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(signed))
		list[i] = "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	return strings.Join(list, " ")
}
