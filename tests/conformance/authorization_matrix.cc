#include "tests/conformance/authorization_matrix.h"

#include <fstream>
#include <set>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher {
namespace {

constexpr size_t kFirstCell = 3;  // after rpc, object and with

Cell CellOf(const std::string& text) {
  static const auto* const cells =
      new std::map<std::string, Cell>{{"ok", {}},
                                      {"no", {.tells = false}},
                                      {"--", {.code = ::common::INSUFFICIENT_PERMISSIONS}},
                                      {"AM", {.code = ::common::ACCESS_INFO_MISSING}},
                                      {"AE", {.code = ::common::AUTHENTICATION_ERROR}},
                                      {"AS", {.code = ::common::ACCOUNT_STATUS_ERROR}},
                                      {"AI", {.code = ::common::ACTION_INVALID}},
                                      {"NF", {.code = ::common::NOT_FOUND}},
                                      {"RN", {.code = ::common::ROOM_NOT_FOUND}}};
  const auto found = cells->find(text);
  if (found == cells->end()) throw std::runtime_error("no cell looks like " + text);
  return found->second;
}

class MatrixReader {
 public:
  void Read(const std::string& line) {
    if (line.empty() || absl::StartsWith(line, "#")) return;
    if (absl::StartsWith(line, "[")) {
      services_ = absl::StrSplit(absl::StripSuffix(absl::StripPrefix(line, "["), "]"), ' ');
      return;
    }
    std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (matrix_.actors.empty()) {
      if (words.size() <= kFirstCell || words[0] != "rpc") Fail("the names of the columns are due");
      matrix_.actors.assign(words.begin() + kFirstCell, words.end());
      return;
    }
    ReadRow(std::move(words));
  }

  Matrix matrix() && { return std::move(matrix_); }

 private:
  [[noreturn]] static void Fail(const std::string& why) { throw std::runtime_error(why); }

  void ReadRow(std::vector<std::string> words) {
    MatrixRow row;
    row.services = services_;
    if (services_.empty()) Fail("a row before the first service");
    if (words.back() == "pending") {
      row.pending = true;
      words.pop_back();
    }
    if (words.size() != kFirstCell + matrix_.actors.size()) Fail("a cell too few, or too many");
    row.rpc = words[0];
    row.object = words[1];
    row.with = words[2];
    if (!seen_.insert(absl::StrCat(services_[0], " ", row.rpc, " ", row.object, " ", row.with))
             .second) {
      Fail("the same row twice");
    }
    for (size_t i = 0; i < matrix_.actors.size(); ++i) {
      row.cells[matrix_.actors[i]] = CellOf(words[kFirstCell + i]);
    }
    matrix_.rows.push_back(std::move(row));
  }

  Matrix matrix_;
  std::vector<std::string> services_;
  std::set<std::string> seen_;
};

}  // namespace

void PrintTo(const MatrixRow& row, std::ostream* out) {
  *out << row.rpc << " " << row.object << " " << row.with;
}

Matrix ReadMatrix(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot open " + path);
  MatrixReader reader;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    try {
      reader.Read(line);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(absl::StrCat(path, ":", number, ": ", error.what()));
    }
  }
  return std::move(reader).matrix();
}

}  // namespace usher
