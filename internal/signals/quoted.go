package signals

import (
	"regexp"
	"strings"
)

// What mail programs write above the message that is answered, in our seven languages.
var quoteHeaders = regexp.MustCompile(`(?im)^[ \t]*(?:` +
	`[-_]{2,}[ \t]*(?:original message|message d['’]origine|message original|ursprüngliche nachricht|originalnachricht|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|forwarded message|message transféré|weitergeleitete nachricht|mensaje reenviado|messaggio inoltrato)` +
	`|on\b[^\n]{3,120}\bwrote[ \t]*:` +
	`|le\b[^\n]{3,120}a écrit[  \t]*:` +
	`|am\b[^\n]{3,120}\bschrieb\b[^\n]{0,80}:` +
	`|el\b[^\n]{3,120}\bescribió[ \t]*:` +
	`|il\b[^\n]{3,120}\bha scritto[ \t]*:` +
	`|em\b[^\n]{3,120}\bescreveu[ \t]*:` +
	`|op\b[^\n]{3,120}\bschreef\b[^\n]{0,80}:` +
	`|(?:from|de|von|da|van)[  ]?:[^\n]+\n[ \t]*(?:sent|date|envoyé|gesendet|datum|enviado|fecha|inviato|data|verzonden)[  ]?:` +
	`)`)

// unquoted is the text that the sender wrote now, without the older mails below it. What
// stands above the first header is kept; when nothing does, the whole text is, since a mail
// that is all quotation is a mail forwarded to be read.
func unquoted(body string) string {
	kept := make([]string, 0, 16)
	for line := range strings.SplitSeq(body, "\n") {
		if !strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
			kept = append(kept, line)
		}
	}
	own := strings.Join(kept, "\n")
	if mayQuote(own) {
		if at := quoteHeaders.FindStringIndex(own); at != nil {
			own = own[:at[0]]
		}
	}
	if strings.TrimSpace(own) == "" {
		return body
	}
	return own
}

// mayQuote spares the pattern the texts without any word that a header has.
func mayQuote(text string) bool {
	for _, mark := range []string{"--", "__", "wrote", "crit", "schrieb", "escribi", "scritto", "escreveu", "schreef"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if name, _, found := strings.Cut(line, ":"); found && len(name) < 12 {
			switch fold(strings.TrimSpace(name)) {
			case "from", "de", "von", "da", "van":
				return true
			}
		}
	}
	return false
}
