package microsoft

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

//go:embed data/*.toml
var data embed.FS

// script is the whole story, by hand.
type script struct {
	Issues   []issueScript   `toml:"issue"`
	Messages []messageScript `toml:"message"`
	Events   []eventScript   `toml:"event"`
	Banners  []bannerScript  `toml:"banner"`
}

// issueScript is an issue from beginning to end. Its end is known to nobody
// before a post says that it is over.
type issueScript struct {
	ID, Title, Impact, Service, Feature, Group, Classification, Origin string
	Live, High                                                         bool
	Start, End                                                         span
	Posts                                                              []postScript `toml:"post"`
}

type postScript struct {
	At           span
	Next         *span // what {next} stands for
	Status, Kind string
	Text         string
}

type messageScript struct {
	ID, Title, Category, Severity, Text string
	Services, Tags                      []string
	Major                               bool
	Start, Changed, End                 span
	Act                                 *span // by when something must be done
}

type eventScript struct {
	ID, Type, Level, Title, Header, Severity string
	EventLevel                               string `toml:"event_level"`
	Live, Emerging                           bool
	Start, End                               span
	Impacts                                  []struct {
		Service string
		Regions []string
	} `toml:"impact"`
	Updates []struct {
		At   span
		Tags []string
		Text string
	} `toml:"update"`
}

type bannerScript struct {
	Title, Text string
	From, Until span
}

// span is a duration from the story's beginning, with days: -3d2h, 40m.
type span struct{ time.Duration }

// UnmarshalText reads a span.
func (s *span) UnmarshalText(text []byte) error {
	rest, back := strings.CutPrefix(string(text), "-")
	days, hours, found := strings.Cut(rest, "d")
	if !found {
		days, hours = "0", rest
	}
	if hours == "" {
		hours = "0h"
	}
	d, err := time.ParseDuration(days + "h")
	if err != nil {
		return fmt.Errorf("span %q: %w", text, err)
	}
	h, err := time.ParseDuration(hours)
	if err != nil {
		return fmt.Errorf("span %q: %w", text, err)
	}
	if s.Duration = 24*d + h; back {
		s.Duration = -s.Duration
	}
	return nil
}

func readScript() (script, error) {
	var all script
	for _, name := range []string{"data/issues.toml", "data/messages.toml", "data/azure.toml"} {
		meta, err := toml.DecodeFS(data, name, &all)
		if err != nil {
			return script{}, fmt.Errorf("%s: %w", name, err)
		}
		if unread := meta.Undecoded(); len(unread) > 0 {
			return script{}, fmt.Errorf("%s: unknown fields %v", name, unread)
		}
	}
	return all, nil
}

// serviceNames are Graph's services by id, as healthOverviews lists them.
var serviceNames = map[string]string{
	"Exchange": "Exchange Online", "OrgLiveID": "Microsoft Entra", "OSDPPlatform": "Microsoft 365 suite", "microsoftteams": "Microsoft Teams",
	"SharePoint": "SharePoint Online", "OneDriveForBusiness": "OneDrive for Business", "O365Client": "Microsoft 365 apps", "officeonline": "Microsoft 365 for the web",
	"Intune": "Microsoft Intune", "Microsoft365Defender": "Microsoft Defender XDR", "Planner": "Planner", "Forms": "Microsoft Forms", "Bookings": "Microsoft Bookings",
	"Copilot": "Microsoft Copilot (Microsoft 365)", "PowerBIcom": "Power BI", "PowerApps": "Power Apps", "MicrosoftFlow": "Microsoft Power Automate",
	"DynamicsCRM": "Dynamics 365 Apps", "DynamicsNAV": "Dynamics 365 Business Central",
}
