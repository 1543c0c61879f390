package page

import (
	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// hintLearned says what the hint goes by.
func (r Rules) hintLearned(p *i18n.Printer) string {
	h := r.Book.Hint
	if h.Version == 0 {
		return p.N("rules.hint_shipped", desk.LeastLessons)
	}
	return p.N("rules.hint_learned", h.Examples, "Date", p.Date(h.LearnedAt))
}
