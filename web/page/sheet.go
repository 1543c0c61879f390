package page

import (
	"context"
	"io"
	"strconv"
	"strings"

	"guichet/internal/i18n"
	"guichet/internal/sheet"
)

// Sheet is a table as a file. A cell is an int, a Decimal or a text.
type Sheet struct {
	Name     string // of the file, without its ending
	Rows     [][]any
	Programs bool // read it too: with commas and points in every language
}

// Decimal is a number that is no whole one, with a point.
type Decimal string

// CSV writes the table (RFC 4180, lines end with CRLF) in UTF-8 with the mark by
// which spreadsheets know it, parted as those of the reader's country expect it.
// Whatever people typed is kept from being taken for a formula.
func (s Sheet) CSV(ctx context.Context, to io.Writer) error {
	comma, point := ',', "."
	if !s.Programs && i18n.From(ctx).Lang() == i18n.French {
		comma, point = ';', ","
	}
	out, err := sheet.NewWriter(to, comma)
	if err != nil {
		return err
	}
	for _, row := range s.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = csvCell(cell, point)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvCell(cell any, point string) string {
	switch c := cell.(type) {
	case int:
		return strconv.Itoa(c)
	case Decimal:
		return strings.Replace(string(c), ".", point, 1)
	case string:
		return sheet.Guarded(c)
	}
	return ""
}
