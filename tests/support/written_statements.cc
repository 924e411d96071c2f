#include "tests/support/written_statements.h"

#include <filesystem>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"

namespace usher {
namespace {

constexpr absl::string_view kDeclaration = "Statement k";

void SkipBlanks(absl::string_view* left) { *left = absl::StripLeadingAsciiWhitespace(*left); }

// Up to `end`, which is taken as well.
std::string TakeUntil(absl::string_view* left, absl::string_view end, const std::string& file) {
  const size_t at = left->find(end);
  if (at == absl::string_view::npos) {
    throw std::runtime_error(absl::StrCat(file, ": a statement without ", end));
  }
  const std::string taken(left->substr(0, at));
  left->remove_prefix(at + end.size());
  return taken;
}

void Take(absl::string_view* left, absl::string_view sign, const WrittenStatement& statement) {
  SkipBlanks(left);
  if (absl::ConsumePrefix(left, sign)) return;
  throw std::runtime_error(absl::StrCat(statement.file, ": ", statement.constant,
                                        " is not written as the other statements: no ", sign));
}

void ReadFile(const std::filesystem::path& path, std::vector<WrittenStatement>* statements) {
  const std::string text = FileContent(path);
  absl::string_view left = text;
  for (size_t at = left.find(kDeclaration); at != absl::string_view::npos;
       at = left.find(kDeclaration)) {
    left.remove_prefix(at + kDeclaration.size() - 1);
    WrittenStatement statement;
    statement.file = path.filename().string();
    while (!left.empty() && absl::ascii_isalnum(static_cast<unsigned char>(left.front()))) {
      statement.constant.push_back(left.front());
      left.remove_prefix(1);
    }
    SkipBlanks(&left);
    if (absl::ConsumePrefix(&left, ";")) continue;  // declared here, written elsewhere
    Take(&left, "{", statement);
    Take(&left, "\"", statement);
    statement.name = TakeUntil(&left, "\"", statement.file);
    Take(&left, ",", statement);
    SkipBlanks(&left);
    if (!absl::ConsumePrefix(&left, absl::StrCat(statement.constant, "Sql.text}"))) {
      Take(&left, "R\"sql(", statement);
      statement.sql = TakeUntil(&left, ")sql\"", statement.file);
    }
    statements->push_back(std::move(statement));
  }
}

}  // namespace

std::vector<WrittenStatement> StatementsWrittenIn(const std::string& folder) {
  std::vector<WrittenStatement> statements;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(absl::StrCat(SourceFolder(), "/", folder))) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".cc") ReadFile(entry.path(), &statements);
  }
  return statements;
}

}  // namespace usher
