package page

import (
	"net/url"
	"strings"

	"guichet/internal/desk"
)

// MailForm asks for a sign-in link. To is the page of this desk where its
// reader was going.
type MailForm struct {
	Email, To string
	Problems  desk.Problems
}

// signIn is where a sign-in starts: with the company's account, or by mail.
func (f Frame) signIn(by, to string) string {
	q := url.Values{}
	if by != "" {
		q.Set("by", by)
	}
	if to != "" {
		q.Set("to", to)
	}
	if len(q) == 0 {
		return f.Href("/sign-in")
	}
	return f.Href("/sign-in?" + q.Encode())
}

// from is the frame of a page that answers to a form or to another site: its
// own address shows nothing, so the other language begins at this one.
func (f Frame) from(href string) Frame {
	f.Path = href
	return f
}

// dial is a telephone number as a link takes it (RFC 3966): what people put
// between the digits falls away.
func dial(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.ReplaceAll(phone, "(0)", ""))
	return "tel:" + digits
}
