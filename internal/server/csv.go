package server

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// send answers with a sheet as CSV (RFC 4180) in UTF-8 with its mark, parted as
// the spreadsheets of the reader's country expect it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, who desk.Actor, sh sheet) error {
	comma, point := ',', "."
	if i18n.From(r.Context()).Lang() == i18n.French {
		comma, point = ';', ","
	}
	b := buffer()
	defer release(b)
	b.WriteString("\ufeff")
	out := csv.NewWriter(b)
	out.Comma, out.UseCRLF = comma, true
	for _, row := range sh.rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = csvCell(cell, point)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+who.Desk.Slug+"-"+sh.name+`.csv"`)
	_, _ = w.Write(b.Bytes())
	return out.Error()
}

// csvCell writes a number (an int, or a page.Decimal's text) or a text.
func csvCell(cell any, point string) string {
	switch c := cell.(type) {
	case int:
		return strconv.Itoa(c)
	case interface{ Decimal() string }:
		return strings.Replace(c.Decimal(), ".", point, 1)
	case string:
		return harmless(c)
	}
	return ""
}

// harmless keeps a spreadsheet from taking a text for a formula: those begin
// with one of these signs (OWASP, "CSV Injection"), the wide ones included.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
