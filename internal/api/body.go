package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxBody  = 1 << 20 // bytes
	maxDepth = 16      // brackets within brackets; no request of ours has more than two
)

// plainJSON takes a body for what it says it is, before anything is made of it: JSON
// in UTF-8, not too long, not too deep, each name once and nothing behind it.
func (d *door) plainJSON(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && r.Method != http.MethodPatch {
			next.ServeHTTP(w, r)
			return
		}
		body, p := readBody(w, r)
		if p != nil {
			p.write(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		next.ServeHTTP(w, r)
	})
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *Problem) {
	tooLarge := refused(http.StatusRequestEntityTooLarge, "too_large", "A request may have one mebibyte at most.")
	if r.ContentLength > maxBody {
		w.Header().Set("Connection", "close") // whoever sends on is not read
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if limit := (*http.MaxBytesError)(nil); errors.As(err, &limit) {
		return nil, tooLarge
	}
	if err != nil {
		return nil, refused(http.StatusBadRequest, "malformed", "The request ended before its body did.")
	}
	if len(body) == 0 {
		return body, nil
	}
	if kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" && (kind != "application/merge-patch+json" || r.Method != http.MethodPatch) ||
		params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, refused(http.StatusUnsupportedMediaType, "unsupported_type", "A body is application/json in UTF-8.")
	}
	return body, wellFormed(body)
}

// wellFormed reads a body once, without making anything of it. Two of one name are
// refused, as another program may have judged by the other one (RFC 8259, section 4).
func wellFormed(body []byte) *Problem {
	malformed := func(detail string) *Problem { return refused(http.StatusBadRequest, "malformed", detail) }
	if !utf8.Valid(body) {
		return malformed("The body is not UTF-8.")
	}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	var open []level
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return nil
		}
		if err != nil {
			return malformed("The body is not JSON from byte " + strconv.FormatInt(in.InputOffset(), 10) + " on.")
		}
		if in.InputOffset() > 0 && len(open) == 0 && token != json.Delim('{') {
			return malformed("The body is not one JSON object.")
		}
		if open, err = step(open, token); err != nil {
			return malformed(err.Error())
		}
		if len(open) == 0 {
			if _, err := in.Token(); !errors.Is(err, io.EOF) {
				return malformed("Something stands behind the JSON object.")
			}
			return nil
		}
	}
}

// level is an object or a list that is not closed yet.
type level struct {
	names map[string]bool // nil for a list
	value bool            // a name was read, its value comes next
}

var (
	errDeep = errors.New("the body has more than " + strconv.Itoa(maxDepth) + " brackets within each other")
	errNul  = errors.New("the body has a character of number zero")
	errTwin = errors.New("the body has two members of one name")
)

func step(open []level, token json.Token) ([]level, error) {
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		return open, errNul
	}
	if token == json.Delim('}') || token == json.Delim(']') {
		return open[:len(open)-1], nil
	}
	if n := len(open) - 1; n >= 0 && open[n].names != nil {
		at := &open[n]
		if !at.value {
			name, _ := token.(string)
			if at.names[name] {
				return open, errTwin
			}
			at.names[name], at.value = true, true
			return open, nil
		}
		at.value = false
	}
	switch token {
	case json.Delim('{'):
		open = append(open, level{names: map[string]bool{}})
	case json.Delim('['):
		open = append(open, level{})
	}
	if len(open) > maxDepth {
		return open, errDeep
	}
	return open, nil
}
