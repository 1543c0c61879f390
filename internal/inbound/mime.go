package inbound

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// entity is a node of a mail's tree: a header, and a body that is still encoded.
type entity struct {
	header      header
	kind        media // of Content-Type; text/plain where there is none
	disposition media
	body        []byte
	parent      string // the type of the multipart that holds it; "" for the mail itself
	children    []*entity
}

// reader is the state of reading one mail.
type reader struct {
	limits   Limits
	problems []string
	parts    int
	decoded  int
}

func (r *reader) problem(format string, values ...any) {
	said := fmt.Sprintf(format, values...)
	if !slices.Contains(r.problems, said) {
		r.problems = append(r.problems, said)
	}
}

// entity reads one entity and, for a multipart, those in it.
func (r *reader) entity(raw []byte, parent string, depth int) *entity {
	h, body := r.readHeader(raw)
	e := &entity{header: h.inUTF8(), body: body, parent: parent}
	e.kind, e.disposition = parseMedia(e.header.first("content-type")), parseMedia(e.header.first("content-disposition"))
	if e.kind.value == "" {
		e.kind.value = "text/plain"
		if parent == "multipart/digest" {
			e.kind.value = "message/rfc822"
		}
	}
	if strings.HasPrefix(e.kind.value, "multipart/") {
		r.multipart(e, depth)
	}
	return e
}

func (r *reader) multipart(e *entity, depth int) {
	if depth >= r.limits.Depth {
		r.problem("parts are nested more than %d deep; what is deeper is kept as a file", r.limits.Depth)
		e.kind.value = "application/octet-stream"
		return
	}
	pieces, closed := splitParts(e.body, e.kind.params["boundary"])
	if pieces == nil {
		if guess := guessBoundary(e.body); guess != "" {
			r.problem("the boundary between the parts is not the one that was announced")
			pieces, closed = splitParts(e.body, guess)
		}
	}
	if pieces == nil {
		r.problem("the parts have no boundary; they were read as one text")
		e.kind.value = "text/plain"
		return
	}
	if !closed {
		r.problem("the last part has no end: the mail may have been cut off")
	}
	for _, raw := range pieces {
		if r.parts++; r.parts > r.limits.Parts {
			r.problem("there are more than %d parts; the last were left out", r.limits.Parts)
			return
		}
		e.children = append(e.children, r.entity(raw, e.kind.value, depth+1))
	}
}

// splitParts cuts a multipart's body at its boundary. It returns nil when the boundary is nowhere.
func splitParts(body []byte, boundary string) (pieces [][]byte, closed bool) {
	if boundary == "" {
		return nil, false
	}
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(body); {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		end, last := endOfMark(body, at)
		if end < 0 || i > 0 && body[i-1] != '\n' {
			continue
		}
		if start >= 0 {
			pieces = append(pieces, withoutLastBreak(body[start:i]))
		}
		start = end
		if last {
			return pieces, true
		}
	}
	if start >= 0 && start <= len(body) {
		pieces = append(pieces, body[start:])
	}
	return pieces, false
}

// endOfMark says where the line of a boundary ends, or -1 when more stands on it.
func endOfMark(body []byte, at int) (end int, last bool) {
	rest, last := bytes.CutPrefix(body[at:], []byte("--"))
	line, after := cutLine(rest)
	if len(bytes.TrimSpace(line)) > 0 {
		return -1, false
	}
	return len(body) - len(after), last
}

func withoutLastBreak(piece []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(piece, []byte("\n")), []byte("\r"))
}

// guessBoundary finds the line that parts begin with: two dashes, and a field of a part after it.
func guessBoundary(body []byte) string {
	for rest, n := body, 0; len(rest) > 0 && n < 200; n++ {
		var line []byte
		line, rest = cutLine(rest)
		next, _ := cutLine(rest)
		if mark, dashes := bytes.CutPrefix(line, []byte("--")); dashes && len(mark) > 0 && len(mark) <= 200 &&
			bytes.HasPrefix(bytes.ToLower(next[:min(len(next), 8)]), []byte("content-")) {
			return string(bytes.TrimRight(mark, " \t"))
		}
	}
	return ""
}

// content decodes an entity's body, within what all of a mail may hold decoded.
func (r *reader) content(e *entity) []byte {
	data, sound := decodeTransfer(e.body, e.header.first("content-transfer-encoding"))
	if !sound {
		r.problem("a part is not encoded as it says; it was read as far as it goes")
	}
	if r.decoded += len(data); r.decoded > r.limits.Decoded {
		r.problem("the parts are too large together; the last were left out")
		return nil
	}
	return data
}

// walk visits an entity and all in it, in order.
func (e *entity) walk(visit func(*entity)) {
	visit(e)
	for _, c := range e.children {
		c.walk(visit)
	}
}
