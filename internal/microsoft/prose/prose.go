// Package prose reads what Microsoft publishes for people: plain text out of
// markup, its labelled parts, and when more will be said. Pure.
package prose

import (
	"strings"
	"time"

	"guichet/internal/desk"
)

// Post reads a post. The kind is one of the publisher's (regular, quick,
// strategic), or any other; text whose type is not "text" is read as HTML, as
// Graph's itemBody has it.
func Post(at time.Time, kind, contentType, content string) desk.Post {
	text := ""
	if strings.EqualFold(strings.TrimSpace(contentType), "text") {
		text = tidy(content)
	} else {
		text = Plain(content)
	}
	return desk.Post{At: at, Kind: Word(kind), Text: text, Parts: Parts(text)}
}
