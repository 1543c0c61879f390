package page

import (
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func TestTheHintSaysWhatItGoesBy(t *testing.T) {
	t.Parallel()
	r := Rules{Book: desk.Rulebook{Hint: desk.HintState{Version: 2, Examples: 412, LearnedAt: noon}}}
	for lang, want := range map[i18n.Lang][2]string{i18n.French: {"412", "200"}, i18n.English: {"412", "200"}} {
		p := i18n.New(lang, paris, noon)
		if got := r.hintLearned(p); !strings.Contains(got, want[0]) || strings.Contains(got, "{{") {
			t.Errorf("learned: %q", got)
		}
		if got := (Rules{}).hintLearned(p); !strings.Contains(got, want[1]) || strings.Contains(got, "{{") {
			t.Errorf("shipped: %q", got)
		}
	}
}
