package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"guichet/internal/config"
)

// ours are the services that run this program.
var ours = []string{"portal", "migrate"}

func TestComposeGivesEachServiceWhatItNeeds(t *testing.T) {
	t.Parallel()
	for name, s := range loadCompose(t).Services {
		if s.Restart == "" {
			t.Errorf("%s stays down after a crash", name)
		}
		if user, _, _ := strings.Cut(s.User, ":"); user == "" || user == "root" || user == "0" {
			t.Errorf("%s runs as root", name)
		}
		if name != "migrate" && (s.HealthCheck == nil || len(s.HealthCheck.Test) == 0) {
			t.Errorf("nobody asks whether %s is well", name)
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s is open to the network on port %s", name, port.Published)
			}
		}
	}
}

func TestComposeSettingsExist(t *testing.T) {
	t.Parallel()
	project := loadCompose(t)
	for _, name := range ours {
		var plain []string
		for variable, value := range project.Services[name].Environment {
			if !config.Known(variable) {
				t.Errorf("%s is given %s, which is no setting", name, variable)
			}
			// The files of secrets exist only where they were written.
			if value != nil && !strings.HasSuffix(variable, "_FILE") {
				plain = append(plain, variable+"="+*value)
			}
		}
		if _, err := config.Load(plain); err != nil {
			t.Errorf("%s would not start: %v", name, err)
		}
	}
	for _, name := range []string{"DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY"} {
		for _, service := range ours {
			if _, plain := project.Services[service].Environment[name]; plain {
				t.Errorf("%s holds %s where docker inspect shows it", service, name)
			}
		}
	}
	if _, given := project.Services["portal"].Environment["DATABASE_OWNER_URL_FILE"]; given {
		t.Error("the portal holds the owner's password")
	}
}

func TestComposeKeepsWhatMustLast(t *testing.T) {
	t.Parallel()
	project := loadCompose(t)
	for service, folder := range map[string]string{"portal": "/var/lib/guichet", "postgres": "/var/lib/postgresql/data"} {
		kept := slices.ContainsFunc(project.Services[service].Volumes, func(v types.ServiceVolumeConfig) bool {
			_, declared := project.Volumes[v.Source]
			return v.Type == types.VolumeTypeVolume && v.Target == folder && declared
		})
		if !kept {
			t.Errorf("%s of %s is lost with its container", folder, service)
		}
	}
}

// The secrets of the compose file are those that make secrets writes.
func TestComposeSecretsAreWritten(t *testing.T) {
	t.Parallel()
	script := readFile(t, ".make/secrets")
	for name := range loadCompose(t).Secrets {
		if !strings.Contains(script, "\nsecret "+name+" ") {
			t.Errorf("make secrets does not write %s", name)
		}
	}
}

func TestComposeBuildsTheProgram(t *testing.T) {
	t.Parallel()
	project := loadCompose(t)
	for _, name := range ours {
		build := project.Services[name].Build
		file := readFile(t, build.Dockerfile)
		if context, _ := filepath.EvalSymlinks(build.Context); context != projectRoot(t) {
			t.Errorf("%s builds in %s", name, build.Context)
		}
		if !regexp.MustCompile(`(?m)^USER [1-9]`).MatchString(file) || !strings.Contains(file, "HEALTHCHECK") {
			t.Errorf("the image of %s runs as root or has no health check", name)
		}
		for _, env := range regexp.MustCompile(`\b([A-Z_]+)=`).FindAllStringSubmatch(lineOf(file, "ENV "), -1) {
			if env[1] != "ZONEINFO" && !config.Known(env[1]) {
				t.Errorf("the image sets %s, which is no setting", env[1])
			}
		}
	}
}

func loadCompose(t *testing.T) *types.Project {
	t.Helper()
	root := projectRoot(t)
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  root,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(root, "docker-compose.yml")}},
		Environment: types.Mapping{},
	}, func(o *loader.Options) { o.SetProjectName("guichet", true) })
	if err != nil {
		t.Fatalf("docker-compose.yml: %v", err)
	}
	return project
}

func lineOf(text, start string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, start) {
			return line
		}
	}
	return ""
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(projectRoot(t), path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// projectRoot is where go.mod lies.
func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}
