#include "services/auth/secret/password_form.h"

#include <sodium.h>
#include <utf8proc.h>

#include <vector>

#include "absl/strings/string_view.h"

namespace usher::auth {
namespace {

// utf8proc_map would leave the characters behind in memory of its own.
Secret Mapped(const Secret& secret, int further) {
  const auto options = static_cast<utf8proc_option_t>(further | UTF8PROC_STABLE);
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(secret.Reveal().data());
  const auto size = static_cast<utf8proc_ssize_t>(secret.size());
  const utf8proc_ssize_t needed = utf8proc_decompose(bytes, size, nullptr, 0, options);
  if (needed < 0) return secret;
  // One more for the zero that utf8proc_reencode writes behind the text.
  std::vector<utf8proc_int32_t> characters(static_cast<size_t>(needed) + 1);
  const utf8proc_ssize_t count =
      utf8proc_decompose(bytes, size, characters.data(), needed, options);
  // In place: four bytes a character at most.
  const utf8proc_ssize_t written =
      count < 0 ? count : utf8proc_reencode(characters.data(), count, options);
  Secret mapped = secret;
  if (written >= 0) {
    mapped = Secret(absl::string_view(reinterpret_cast<const char*>(characters.data()),
                                      static_cast<size_t>(written)));
  }
  sodium_memzero(characters.data(), characters.size() * sizeof(characters[0]));
  return mapped;
}

}  // namespace

Secret ComposedForm(const Secret& password) { return Mapped(password, UTF8PROC_COMPOSE); }

Secret FoldedForm(const Secret& password) {
  // Folding can decompose, so that composing comes last, as in text::Fold.
  return Mapped(Mapped(password, UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD), UTF8PROC_COMPOSE);
}

}  // namespace usher::auth
