package desk_test

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

func TestFilesAreStagedUnderNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	list := []desk.EvidenceFile{{Name: "écran n°1.png", Bytes: 10}, {Name: "ecran n_1.png", Bytes: 10}, {Name: "trace.har", Bytes: 40 << 20}, {Name: "film.mp4", Bytes: 6 << 20},
		{Name: "100%#&.txt", Bytes: 10}, {Name: "report.pdf.exe", Bytes: 10}, {Name: "CON.log", Bytes: 10}, {Name: strings.Repeat("é", 106) + ".log", Bytes: 10},
		{Name: "sent.log", Bytes: 10, Sending: desk.EvidenceSent, SentName: "sent.log"}, {Name: "Sent.log", Bytes: 10}, {Name: "gone.log", Bytes: 10}}
	got := desk.StageEvidence("azure_portal", list, []string{"sent.log", "gone.log"})
	if len(got) != len(list)-1 {
		t.Fatalf("%d staged", len(got))
	}
	seen := map[string]bool{"sent.log": true, "gone.log": true}
	for _, f := range got {
		if low := strings.ToLower(f.SentName); seen[low] || len(f.SentName) > 110 || strings.ContainsAny(f.SentName, `%#&\/:*?"<>|+`) || strings.Trim(low, "abcdefghijklmnopqrstuvwxyz0123456789._- ") != "" {
			t.Errorf("%s goes as %q", f.Name, f.SentName)
		} else {
			seen[low] = true
		}
		want := map[string]desk.RefusalKind{"film.mp4": desk.RefusedSize, "report.pdf.exe": desk.RefusedType}[f.Name]
		if f.Trouble != want || (f.Sending == desk.EvidenceRefused) != (want != "") || f.Mends() {
			t.Errorf("%s: %s %s", f.Name, f.Sending, f.Trouble)
		}
		if f.Name == "trace.har" && f.SentName != "trace.har.zip" {
			t.Errorf("what is too big goes as %q", f.SentName)
		}
	}
	if again := desk.StageEvidence("azure_portal", got, nil); len(again) != 0 {
		t.Errorf("staged twice: %+v", again)
	}
}

func TestWhatTimeMendsIsTriedAgain(t *testing.T) {
	t.Parallel()
	for kind, again := range map[desk.RefusalKind]bool{desk.RefusedThrottle: true, desk.RefusedDown: true, desk.RefusedForm: true, desk.RefusedRole: false, desk.RefusedPlan: false, desk.RefusedConsent: false, desk.RefusedRequest: false, desk.RefusedSetup: false} {
		f := desk.EvidenceFile{Sending: desk.EvidenceWaits}
		if f.Refuse(desk.Refusal{Kind: kind, Detail: "their words"}) != again || (f.Sending == desk.EvidenceWaits) != again || f.Mends() == again || f.Detail != "their words" {
			t.Errorf("%s: %+v", kind, f)
		}
		if f.Sent(time.Now()); f.Sending != desk.EvidenceSent || f.Trouble != "" || f.SentAt == nil {
			t.Errorf("sent after %s: %+v", kind, f)
		}
	}
}
