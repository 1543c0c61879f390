package sheet

import "strings"

// Column is one that a file may have: what it says, and the names that it may have.
type Column struct {
	Name   string
	Needed bool
	Said   []string // besides Name
}

// Places finds which column of a file says what: the first of two wins. Unread are the
// names of those that say nothing here, missing those that are needed and not there.
func Places(head []string, columns []Column) (at map[string]int, unread, missing []string) {
	at = map[string]int{}
	for i, name := range head {
		says := ""
		for _, c := range columns {
			if _, taken := at[c.Name]; !taken && c.called(name) {
				says = c.Name
				break
			}
		}
		if says != "" {
			at[says] = i
		} else if name != "" {
			unread = append(unread, name)
		}
	}
	for _, c := range columns {
		if _, ok := at[c.Name]; c.Needed && !ok {
			missing = append(missing, c.Name)
		}
	}
	return at, unread, missing
}

func (c Column) called(name string) bool {
	name = plain(name)
	if name == plain(c.Name) {
		return true
	}
	for _, said := range c.Said {
		if name == plain(said) {
			return true
		}
	}
	return false
}

var folded = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "_", "", "-", "", "’", "", "'", "", ".", "", "/", "", "(", "", ")", "", "*", "",
	"é", "e", "è", "e", "ê", "e", "à", "a", "ç", "c", "î", "i", "ô", "o", "û", "u")

// plain is a name as names are compared: without case, accents, spaces and marks.
func plain(name string) string { return folded.Replace(strings.ToLower(name)) }

// Cells are a line's by what its columns say, cleared of the space around them. Those
// that are empty are left out.
func Cells(cells []string, at map[string]int) map[string]string {
	said := make(map[string]string, len(at))
	for name, i := range at {
		if i < len(cells) {
			if text := strings.TrimSpace(cells[i]); text != "" {
				said[name] = Unguarded(text)
			}
		}
	}
	return said
}
