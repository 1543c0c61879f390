package app

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/sheet"
)

// asCSV writes rows that come as JSON objects as lines of a table, parted by commas:
// programs read it too. No cell is one that a spreadsheet would run.
func asCSV(to io.Writer, columns []desk.ExportColumn) (row func([]byte) error, end func() error, err error) {
	out, err := sheet.NewWriter(to, ',')
	if err != nil {
		return nil, nil, err
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.Name
	}
	if err := out.Write(cells); err != nil {
		return nil, nil, err
	}
	row = func(object []byte) error {
		values := make(map[string]json.RawMessage, len(columns))
		if err := json.Unmarshal(object, &values); err != nil {
			return err
		}
		for i, c := range columns {
			cells[i] = sheet.Guarded(cell(values[c.Name]))
		}
		return out.Write(cells)
	}
	return row, func() error { out.Flush(); return out.Error() }, nil
}

// cell is a JSON value on one line: a text as it is, nothing for null, a list of texts
// with commas between, anything else as JSON.
func cell(value json.RawMessage) string {
	switch {
	case len(value) == 0 || bytes.Equal(value, []byte("null")):
		return ""
	case value[0] == '"':
		var text string
		_ = json.Unmarshal(value, &text) // the database wrote it
		return text
	case value[0] == '[':
		var list []string
		if json.Unmarshal(value, &list) == nil {
			return strings.Join(list, ", ")
		}
	}
	return string(value)
}
