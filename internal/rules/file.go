package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxFile is the largest ruleset file that is read, in bytes; MaxRules how many rules it may hold.
const (
	MaxFile  = 1 << 20
	MaxRules = 200
)

// Parse reads a ruleset from its file, JSON as Format writes it. It checks the form only;
// Compile checks the rules. Errors: *Error, with the line of the file.
func Parse(data []byte) (Ruleset, error) {
	rs, _, err := ParseWithLines(data)
	return rs, err
}

// ParseWithLines also tells the line of the file on which each rule begins.
func ParseWithLines(data []byte) (rs Ruleset, lines []int, err error) {
	if len(data) > MaxFile {
		return rs, nil, &Error{Kind: TooLarge, Detail: fmt.Sprint(MaxFile)}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	d := json.NewDecoder(bytes.NewReader(data))
	file := struct {
		Version int               `json:"version"`
		NoHint  bool              `json:"no_hint"`
		Rules   []json.RawMessage `json:"rules"`
	}{}
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return rs, nil, unreadable(data, 0, d.InputOffset(), err)
	}
	if d.More() {
		return rs, nil, unreadable(data, 0, d.InputOffset()+1, errors.New("text after the end of the ruleset"))
	}
	if len(file.Rules) > MaxRules {
		return rs, nil, &Error{Kind: TooLarge, Detail: fmt.Sprint(MaxRules)}
	}
	rs.Version, rs.NoHint = file.Version, file.NoHint
	at := 0
	var faults []error
	for _, raw := range file.Rules {
		at += bytes.Index(data[at:], raw)
		var r Rule
		rd := json.NewDecoder(bytes.NewReader(raw))
		rd.DisallowUnknownFields()
		if err := rd.Decode(&r); err != nil {
			faults = append(faults, unreadable(data, at, rd.InputOffset(), err))
		}
		rs.Rules = append(rs.Rules, r)
		lines = append(lines, lineAt(data, at))
		at += len(raw)
	}
	return rs, lines, errors.Join(faults...)
}

func unreadable(data []byte, from int, at int64, err error) *Error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = max(syntax.Offset-1, 0)
	case errors.As(err, &wrong):
		at = max(wrong.Offset-1, 0)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(data) - from)
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	where := min(from+int(at), len(data))
	begin := bytes.LastIndexByte(data[:where], '\n') + 1
	return &Error{Kind: Unreadable, Line: lineAt(data, where), Column: len([]rune(string(data[begin:where]))) + 1, Detail: text}
}

func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

// Format writes a ruleset as a file that a person reads and Parse takes: a rule is a few short
// lines, a condition stands on one.
func Format(rs Ruleset) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if rs.Rules == nil {
		rs.Rules = []Rule{}
	}
	if err := e.Encode(rs); err != nil {
		return nil, fmt.Errorf("write ruleset: %w", err)
	}
	return b.Bytes(), nil
}
