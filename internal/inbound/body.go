package inbound

import (
	"strings"
)

// segment is a stretch of the body: as plain text, as HTML, or the same in both.
type segment struct {
	plain, html       string
	hasPlain, hasHTML bool
}

// gathered is a mail's tree sorted into what is read and what is attached.
type gathered struct {
	body  []segment
	files []*entity
}

// gather sorts an entity. Of an alternative's text and HTML one segment is made; of everything else a list.
func (r *reader) gather(e *entity) gathered {
	var g gathered
	switch {
	case e.kind.value == "multipart/alternative":
		return r.alternative(e)
	case len(e.children) > 0:
		for i, c := range e.children {
			if e.kind.value == "multipart/signed" && i > 0 || isReport(c) && e.kind.value == "multipart/report" {
				if !isSignature(c) && !isReport(c) {
					g.files = append(g.files, c)
				}
				continue
			}
			of := r.gather(c)
			g.body, g.files = append(g.body, of.body...), append(g.files, of.files...)
		}
	case strings.HasPrefix(e.kind.value, "multipart/"):
	case r.isBody(e):
		g.body = append(g.body, r.segment(e))
	case e.kind.value == "application/pgp-encrypted" && e.parent == "multipart/encrypted":
		r.problem("the mail is encrypted and was not opened")
	case !isSignature(e) && e.kind.value != "application/applefile":
		g.files = append(g.files, e)
	}
	return g
}

// alternative joins the forms of one text: the first in plain text, the last in HTML. HTML that is cut by files, as
// Apple Mail does it, stays in order.
func (r *reader) alternative(e *entity) gathered {
	var g gathered
	var one segment
	for _, c := range e.children {
		of := r.gather(c)
		g.files = append(g.files, of.files...)
		var plain, page []string
		for _, s := range of.body {
			if s.hasPlain {
				plain = append(plain, s.plain)
			}
			if s.hasHTML {
				page = append(page, s.html)
			}
		}
		if plain != nil && !one.hasPlain {
			one.plain, one.hasPlain = strings.Join(plain, "\n"), true
		}
		if page != nil {
			one.html, one.hasHTML = strings.Join(page, "\n"), true
		}
	}
	if one.hasPlain || one.hasHTML {
		g.body = []segment{one}
	}
	return g
}

// isBody says whether an entity is there to be read rather than kept.
func (r *reader) isBody(e *entity) bool {
	if e.disposition.value == "attachment" {
		return false
	}
	switch e.kind.value {
	case "text/plain", "text", "text/html", "text/enriched", "text/richtext":
		return e.givenName() == "" || e.parent == "" || e.parent == "multipart/alternative"
	}
	return false
}

func (r *reader) segment(e *entity) segment {
	data := r.content(e)
	if e.kind.value == "text/html" {
		page := strings.ReplaceAll(htmlToUTF8(data, e.kind.params["charset"]), "\x00", "")
		if len(page) > r.limits.HTML {
			r.problem("the HTML text is too long; its end was left out")
			page = strings.ToValidUTF8(page[:r.limits.HTML], "")
		}
		return segment{html: page, hasHTML: true}
	}
	text := strings.ReplaceAll(toUTF8(data, e.kind.params["charset"]), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	if strings.EqualFold(e.kind.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(e.kind.params["delsp"], "yes"))
	}
	return segment{plain: text, hasPlain: true}
}

// isSignature tells the proof of a signed mail, which no reader wants to open.
func isSignature(e *entity) bool {
	switch e.kind.value {
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return true
	}
	return false
}

// isReport tells what a delivery report says to machines.
func isReport(e *entity) bool {
	switch e.kind.value {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
		"message/feedback-report", "text/rfc822-headers", "message/global-headers":
		return true
	}
	return false
}

// unflow joins the lines that format=flowed (RFC 3676) cut. A signature's mark ends in a space and is no such line.
func unflow(text string, deleteSpace bool) string {
	var out []string
	joined, depth := false, 0
	for _, l := range strings.Split(text, "\n") {
		d := len(l) - len(strings.TrimLeft(l, ">"))
		content := strings.TrimPrefix(l[d:], " ")
		flows := strings.HasSuffix(content, " ") && content != "-- "
		if deleteSpace && flows {
			content = strings.TrimSuffix(content, " ")
		}
		if joined && d == depth && content != "-- " {
			out[len(out)-1] += content
		} else if d > 0 {
			out = append(out, strings.Repeat(">", d)+" "+content)
		} else {
			out = append(out, content)
		}
		joined, depth = flows, d
	}
	return strings.Join(out, "\n")
}
