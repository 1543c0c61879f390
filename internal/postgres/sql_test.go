package postgres_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guichet/migrations"
)

// The first wall: every statement says itself which desk it is for. Row-level
// security would make a forgotten clause harmless; it would not make it fast.
func TestEveryStatementNamesItsDesk(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	found := 0
	for name, f := range s.functions {
		for _, sql := range s.statements(f) {
			if touches.MatchString(sql) {
				found++
			}
			for _, problem := range nameless(sql, name) {
				t.Errorf("%s: %s in %q", name, problem, sql)
			}
		}
	}
	for name, e := range s.texts {
		for _, problem := range nameless(s.fold(e, nil), name) {
			t.Errorf("%s: %s", name, problem)
		}
	}
	if found < 40 {
		t.Errorf("only %d statements found: the reader of the sources has lost its way", found)
	}
}

// What the guard above is worth.
func TestNamelessStatementsAreFound(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]int{
		`select * from tickets t where t.id = @id`:                                                          1,
		`select * from tickets where id = @id`:                                                              1,
		`select * from tickets t join people p on p.id = t.requester_id where t.desk_id = @desk`:            1,
		`select * from tickets t where t.desk_id = @desk and exists (select from followers)`:                1,
		`update tickets set state = @state where id = @id`:                                                  1,
		`delete from messages where id = @id`:                                                               1,
		`insert into messages (id, body) values (@id, @body)`:                                               1,
		`insert into messages (desk_id, id) values (@other, @id)`:                                           1,
		`select * from desks d where d.slug = @slug`:                                                        0,
		`insert into messages (desk_id, id) values (@desk, @id)`:                                            0,
		`select * from tickets t join people p on p.desk_id = @desk and p.id = t.x where t.desk_id = @desk`: 0,
	} {
		if got := nameless(sql, ""); len(got) != want {
			t.Errorf("%q: %q, want %d problems", sql, got, want)
		}
	}
}

var (
	protectCall = regexp.MustCompile(`(?m)^select protect\('(\w+)'\);`)
	tables      = desksTableNames()
	touches     = regexp.MustCompile(`(?i)\b(from|join|into|update)\s+(` + tables + `)\b(?:\s+(?:as\s+)?([a-z]\w*))?`)
	isKeyword   = regexp.MustCompile(`(?i)^(where|set|on|order|limit|join|left|group|union|values|select)$`)
)

func desksTableNames() string {
	var list []string
	files, err := fs.Glob(migrations.Files, "*.sql")
	for _, name := range files {
		b, readErr := migrations.Files.ReadFile(name)
		if readErr != nil {
			err = readErr
		}
		for _, m := range protectCall.FindAllStringSubmatch(string(b), -1) {
			list = append(list, m[1])
		}
	}
	if err != nil || len(list) < 10 {
		panic(fmt.Sprint("protected tables: ", list, err))
	}
	return strings.Join(list, "|")
}

// nameless lists the mentions of desks' tables in a statement that no clause
// on the desk goes with.
func nameless(sql, function string) []string {
	var problems []string
	needed := map[string]int{} // by the clause that must be there
	for _, m := range touches.FindAllStringSubmatch(sql, -1) {
		verb, table, alias := strings.ToLower(m[1]), m[2], m[3]
		switch {
		case verb == "into":
			ok := regexp.MustCompile(`(?is)into\s+` + table + `\s+\(desk_id\b.*?(values\s+\(@desk,|select @desk,)`)
			if !ok.MatchString(sql) {
				problems = append(problems, "insert into "+table)
			}
		case alias == "" || isKeyword.MatchString(alias):
			needed[`desk_id`]++
		default:
			needed[alias+`.desk_id`]++
		}
	}
	value := `@desk\b`
	if function == "PersonNow" { // outside any transaction: its batch counts its arguments
		value = `\$1`
	}
	for column, n := range needed {
		clause := regexp.MustCompile(`(?i)(^|[^.\w])` + regexp.QuoteMeta(column) + ` = ` + value)
		if got := len(clause.FindAllString(sql, -1)); got < n {
			problems = append(problems, fmt.Sprintf("%d of %d tables with %s = @desk", got, n, column))
		}
	}
	return problems
}

// source is what the package's Go files say in strings.
type source struct {
	functions map[string]*ast.FuncDecl
	texts     map[string]ast.Expr // package-level constants and variables
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{map[string]*ast.FuncDecl{}, map[string]ast.Expr{}}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			s.declare(d)
		}
	}
	return s
}

func (s source) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		s.functions[d.Name.Name] = d
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
				for i, n := range v.Names {
					s.texts[n.Name] = v.Values[i]
				}
			}
		}
	}
}

// statements are the strings of a function, each put together as far as its
// parts are known.
func (s source) statements(f *ast.FuncDecl) []string {
	local := map[string]ast.Expr{}
	var list []string
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if name, ok := n.Lhs[0].(*ast.Ident); ok && len(n.Lhs) == 1 && len(n.Rhs) == 1 {
				local[name.Name] = n.Rhs[0]
			}
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				list = append(list, s.fold(n, local))
				return false
			}
		case *ast.BasicLit:
			list = append(list, s.fold(n, local))
		}
		return true
	})
	return list
}

func (s source) fold(e ast.Expr, local map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.ParenExpr:
		return s.fold(e.X, local)
	case *ast.BinaryExpr:
		return s.fold(e.X, local) + s.fold(e.Y, local)
	case *ast.Ident:
		if known, ok := local[e.Name]; ok && e.Name != "w" {
			return s.fold(known, nil)
		}
		if known, ok := s.texts[e.Name]; ok {
			return s.fold(known, nil)
		}
	case *ast.CallExpr:
		// The lists' clauses; TestEveryListBeginsWithItsDesk holds them.
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "String" {
			return "t.desk_id = @desk"
		}
	}
	return " ? "
}

// Every where that a list gathers begins with the desk.
func TestEveryListBeginsWithItsDesk(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	found := 0
	for name, f := range s.functions {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if of, ok := lit.Type.(*ast.Ident); !ok || of.Name != "where" {
				return true
			}
			found++
			named := false
			for _, sql := range s.statements(f) {
				named = named || sql == `t.desk_id = @desk`
			}
			if !named {
				t.Errorf("%s gathers clauses without its desk", name)
			}
			return true
		})
	}
	if found < 3 {
		t.Errorf("only %d lists found: the reader of the sources has lost its way", found)
	}
}
