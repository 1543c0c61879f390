package access

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MostLines bounds a file.
const MostLines = 10_000

// Line is one of a file, as far as it could be read.
type Line struct {
	Number       int    // in the file, the header is 1
	Customer     string // a tenant, an initial domain or a name
	Relationship *Relationship
	AzureRole    string // "" where the file says nothing
	Reseller     string
	EntraPremium string
	Problems     []Reason // below "access.csv."
}

// File is what was read of a file.
type File struct {
	Lines    []Line
	Unread   []string // names of columns that say nothing here
	Problems []Reason // why nothing of it could be read; below "access.csv."
}

// columns are the names that a column may have, in lower case without spaces or
// underscores.
var columns = map[string][]string{
	"customer": {"customer", "client", "tenant", "tenantid", "customertenantid", "microsoftid", "domain", "domaine", "société", "company"},
	"id":       {"relationshipid", "id", "relationship", "relation"},
	"name":     {"name", "displayname", "relationshipname", "nom"},
	"status":   {"status", "statut", "état", "etat"},
	"roles":    {"roles", "rôles", "role", "rôle"},
	"ends":     {"ends", "end", "enddate", "enddatetime", "expiry", "expirationdate", "fin", "datedefin", "expiration"},
	"extends":  {"autoextend", "autoextendduration", "autoextension", "prolongation"},
	"azure":    {"azurerole", "azure", "rôleazure", "roleazure"},
	"reseller": {"reseller", "resellerrelationship", "revendeur"},
	"premium":  {"entrapremium", "premium", "entraidp1", "p1"},
}

// ReadCSV reads a file of relationships and facts, with a header, parted by
// semicolons, commas or tabs. A line that is wrong does not lose the others.
func ReadCSV(text string) File {
	var f File
	text = strings.TrimPrefix(text, "\ufeff")
	if !utf8.ValidString(text) {
		f.Problems = []Reason{{Key: "encoding"}}
		return f
	}
	head, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = comma(head), -1, true
	names, err := r.Read()
	if err != nil {
		f.Problems = []Reason{{Key: "empty"}}
		return f
	}
	at, unread := places(names)
	f.Unread = unread
	if _, ok := at["customer"]; !ok || len(at) < 2 {
		f.Problems = []Reason{{Key: "header"}}
		return f
	}
	f.lines(r, at)
	return f
}

func (f *File) lines(r *csv.Reader, at map[string]int) {
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(f.Lines) == MostLines {
			f.Problems = append(f.Problems, reason("too_many", "Most", strconv.Itoa(MostLines)))
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			f.Lines = append(f.Lines, Line{Number: wrong.StartLine, Problems: []Reason{{Key: "quotes"}}})
			continue
		}
		if err != nil {
			break
		}
		number, _ := r.FieldPos(0)
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		if strings.Join(cells, "") != "" {
			f.Lines = append(f.Lines, readLine(number, cell))
		}
	}
	if len(f.Lines) == 0 && len(f.Problems) == 0 {
		f.Problems = []Reason{{Key: "empty"}}
	}
}

func comma(head string) rune {
	best, most := ';', 0
	for _, c := range []rune{';', ',', '\t'} {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// places finds which column says what; the first of two wins.
func places(names []string) (at map[string]int, unread []string) {
	at = map[string]int{}
	plain := strings.NewReplacer(" ", "", "_", "", "-", "", "’", "", "'", "")
	for i, name := range names {
		key := plain.Replace(strings.ToLower(strings.TrimSpace(name)))
		known := false
		for says, aliases := range columns {
			if _, taken := at[says]; !taken && slices.Contains(aliases, key) {
				at[says], known = i, true
			}
		}
		if !known && key != "" {
			unread = append(unread, strings.TrimSpace(name))
		}
	}
	return at, unread
}

func readLine(number int, cell func(string) string) Line {
	l := Line{Number: number, Customer: cell("customer")}
	if l.Customer == "" {
		l.wrong("no_customer", "")
	}
	if cell("id")+cell("name")+cell("status")+cell("roles")+cell("ends") != "" {
		l.relationship(cell)
	}
	l.AzureRole = l.fact(cell("azure"), azureWords)
	l.Reseller = l.fact(cell("reseller"), yesWords)
	l.EntraPremium = l.fact(cell("premium"), yesWords)
	if l.Relationship == nil && l.AzureRole+l.Reseller+l.EntraPremium == "" && len(l.Problems) == 0 {
		l.wrong("says_nothing", "")
	}
	return l
}

func (l *Line) relationship(cell func(string) string) {
	r := Relationship{ID: strings.ToLower(cell("id")), Name: cell("name"), Status: StatusOf(cell("status")), Source: FromCSV}
	if r.ID != "" && !IsRelationshipID(r.ID) {
		l.wrong("id", r.ID)
	}
	if r.Status == "" {
		r.Status = "active"
	} else if !slices.Contains(Statuses, r.Status) {
		l.wrong("status", r.Status)
	}
	if r.Name == "" {
		r.Name = "GDAP"
	}
	if utf8.RuneCountInString(r.Name) > MostName {
		l.wrong("name", "")
	}
	for part := range strings.FieldsFuncSeq(cell("roles"), func(c rune) bool { return c == '|' || c == ';' || c == ',' || c == '\n' }) {
		if role, ok := RoleNamed(part); ok {
			r.Roles = append(r.Roles, role.ID)
		} else if isGUID(strings.TrimSpace(part)) {
			r.Roles = append(r.Roles, strings.ToLower(strings.TrimSpace(part)))
		} else if strings.TrimSpace(part) != "" {
			l.wrong("role", strings.TrimSpace(part))
		}
	}
	if text := cell("ends"); text != "" {
		at, problem := ReadDate(text)
		if problem != "" {
			l.wrong(problem, text)
		}
		r.EndsAt = at
	}
	if text := cell("extends"); text != "" {
		r.AutoExtend = l.fact(text, extendWords) == Yes
	}
	l.Relationship = &r
}

var (
	yesWords = map[string]string{"yes": Yes, "oui": Yes, "true": Yes, "vrai": Yes, "1": Yes, "p1": Yes, "p2": Yes, "no": No, "non": No, "false": No, "faux": No, "0": No,
		"unknown": Unknown, "inconnu": Unknown, "?": Unknown}
	extendWords = map[string]string{"yes": Yes, "oui": Yes, "true": Yes, "vrai": Yes, "1": Yes, "180": Yes, "p180d": Yes, "no": No, "non": No, "false": No, "faux": No, "0": No,
		"p0d": No, "pt0s": No}
	azureWords = map[string]string{"none": AzureNone, "aucun": AzureNone, "no": AzureNone, "non": AzureNone, "support request contributor": AzureSupport,
		"support_request_contributor": AzureSupport, "contributor": AzureContributor, "contributeur": AzureContributor, "owner": AzureOwner, "propriétaire": AzureOwner,
		"unknown": Unknown, "inconnu": Unknown, "?": Unknown}
)

// fact reads a word; "" says nothing.
func (l *Line) fact(text string, words map[string]string) string {
	if text == "" {
		return ""
	}
	said, ok := words[strings.ToLower(text)]
	if !ok {
		l.wrong("word", text)
	}
	return said
}

// wrong says what of a line cannot be read, quoting it.
func (l *Line) wrong(key, said string) {
	if runes := []rune(said); len(runes) > 60 {
		said = string(runes[:60]) + "…"
	}
	l.Problems = append(l.Problems, reason(key, "Said", said))
}
