package app

import (
	"context"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// LetterForm is a kind's words as typed, by language, with the revisions that they were
// typed over.
type LetterForm struct {
	Texts     map[string]desk.Saying
	Revisions map[string]int
}

// LetterWords lists the words of all letters in both languages, kind by kind.
func (a *App) LetterWords(ctx context.Context, who desk.Actor) (list []desk.LetterWords, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return nil, err
	}
	var own []desk.LetterText
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		own, err = tx.LetterTexts()
		return err
	})
	for _, k := range desk.LetterKinds() {
		for _, l := range i18n.Langs() {
			list = append(list, wordsOf(own, k, string(l)))
		}
	}
	return list, err
}

func wordsOf(own []desk.LetterText, k desk.LetterKind, language string) desk.LetterWords {
	w := desk.LetterWords{Kind: k, Language: language, Shipped: mail.Shipped(k, language)}
	if i := slices.IndexFunc(own, func(t desk.LetterText) bool { return t.Kind == k && t.Language == language }); i >= 0 {
		w.Own, w.Revision = desk.Saying{Subject: own[i].Subject, Body: own[i].Body}, own[i].Revision
	}
	return w
}

// LetterHistory lists who changed the words of a kind. Errors: ErrNotFound for none of
// the kinds.
func (a *App) LetterHistory(ctx context.Context, who desk.Actor, k desk.LetterKind) (list []desk.LetterText, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return nil, err
	}
	if k.Group() == "" {
		return nil, desk.ErrNotFound
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.LetterHistory(k)
		return err
	})
	return list, err
}

// judgeLetter reads a form's words. Errors: ErrNotFound; Invalid, by "subject_" or
// "body_" and the language.
func judgeLetter(k desk.LetterKind, f LetterForm) (map[string]desk.Saying, error) {
	if k.Group() == "" {
		return nil, desk.ErrNotFound
	}
	texts := map[string]desk.Saying{}
	var p desk.Problems
	for _, l := range i18n.Langs() {
		w, wrong := desk.NewSaying(k, string(l), f.Texts[string(l)], mail.Shipped(k, string(l)))
		texts[string(l)] = w
		p.Merge(wrong)
	}
	return texts, p.Err()
}

// PreviewLetter writes a letter of made-up things in the words of a form, in both
// languages, and saves nothing. Errors: as SaveLetter.
func (a *App) PreviewLetter(ctx context.Context, who desk.Actor, k desk.LetterKind, f LetterForm) (list []desk.LetterPreview, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return nil, err
	}
	texts, err := judgeLetter(k, f)
	if err != nil {
		return nil, err
	}
	all, err := a.LetterWords(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, l := range i18n.Langs() {
		words := mail.Words{}
		for _, w := range all {
			if w.Language == string(l) {
				words[w.Kind] = w.Own
			}
		}
		words[k] = texts[string(l)]
		list = append(list, a.mail.Preview(who.Desk, k, string(l), words, a.now()))
	}
	return list, nil
}

// SaveLetter has letters say the words of a form from now on; none, or those that the
// portal ships, bring these back. What was said before stays on record. Errors:
// ErrNotFound; Invalid, by field; ErrConflict when somebody changed them since the form
// was made.
func (a *App) SaveLetter(ctx context.Context, who desk.Actor, k desk.LetterKind, f LetterForm) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	texts, err := judgeLetter(k, f)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		own, err := tx.LetterTexts()
		if err != nil {
			return err
		}
		for _, l := range i18n.Langs() {
			w := wordsOf(own, k, string(l))
			if w.Revision != f.Revisions[string(l)] {
				return desk.ErrConflict
			}
			if w.Own == texts[string(l)] {
				continue
			}
			x := desk.LetterText{Kind: k, Language: string(l), Revision: w.Revision + 1, Subject: texts[string(l)].Subject, Body: texts[string(l)].Body, PersonID: who.Person.ID}
			if err := tx.AddLetterText(x); err != nil {
				return err
			}
		}
		return nil
	})
}

// inWords are the desk's own words in a language.
func inWords(tx *postgres.Tx, language string) (words mail.Words, err error) {
	list, err := tx.LetterTexts()
	for _, t := range list {
		if t.Language == language {
			if words == nil {
				words = mail.Words{}
			}
			words[t.Kind] = desk.Saying{Subject: t.Subject, Body: t.Body}
		}
	}
	return words, err
}
