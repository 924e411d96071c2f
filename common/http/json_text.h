// JSON as text (RFC 8259): read value by value, without knowing what it is about.
#pragma once

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace usher::http {

// Objects and lists in one another, what is skipped included.
inline constexpr int kDeepestJson = 64;

// The length of the number that `text` begins with (RFC 8259, 6); 0: it begins with none.
size_t LengthOfNumber(absl::string_view text);

// A place in a text, which has to outlive it. What reads answers false where something else stands
// there; from the first Fail on, error() says what was wrong.
class JsonText {
 public:
  // Reads the value of a member; false when it cannot.
  using Member = absl::FunctionRef<bool(absl::string_view name)>;

  explicit JsonText(absl::string_view json) : json_(json), rest_(json) {}

  // Nothing, or one line that names the byte and no value.
  const std::string& error() const { return error_; }
  // Keeps the first fault; false.
  bool Fail(absl::string_view what);

  bool AtEnd() const { return rest_.empty(); }
  void SkipSpace();
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  // Both behind space; these two fail silently.
  bool Take(char wanted);
  bool TakeWord(absl::string_view word);

  // A string: a view into the text or into this object, good until the next one is read.
  bool String(absl::string_view* text);
  // A number, or a string that may have one. Fails silently where neither is there.
  bool NumberText(absl::string_view* text);
  bool Members(int depth, Member member);
  bool Elements(int depth, absl::FunctionRef<bool()> element);
  bool SkipValue(int depth);

 private:
  bool Deeper(int depth) { return depth < kDeepestJson || Fail("it is nested too deep"); }

  const absl::string_view json_;
  absl::string_view rest_;
  std::string unescaped_;
  std::string error_;
};

}  // namespace usher::http
