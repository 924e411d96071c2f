// A company: a tenant of the platform.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/text/text_rules.h"

namespace usher::company {

struct Branding {
  bool enabled = false;
  std::string title;
  std::string navbar_background;
  std::string logo_url;
  std::string logo_alternative_url;
  int64_t logo_height = 0;  // pixels
  int64_t logo_width = 0;
  std::string logo_square_48_url;
  std::string logo_square_96_url;
};

// What a company is in the operator's books. Means nothing to usher.
struct Books {
  std::string customer_id;
  std::string plan_id;

  friend bool operator==(const Books&, const Books&) = default;
};

struct Company {
  CompanyId id;
  std::string display_name;
  UserId owner;             // empty: nobody is known to be
  std::string owner_email;  // that the first administrator had: for showing
  absl::Time created_at;
  Branding branding;
  text::Metadata metadata;
  Books books;
};

// What an update changes; what is left out stays.
struct CompanyChange {
  std::string display_name;          // empty: stays
  std::optional<Branding> branding;  // replaces the branding as a whole
  text::Metadata metadata;           // entry by entry; an empty value deletes
  Books books;                       // field by field; what is empty stays

  bool empty() const {
    return display_name.empty() && !branding && metadata.empty() && books == Books();
  }
};

// The company after the change. MAX_SIZE_EXCEEDED when the metadata would grow too large.
absl::StatusOr<Company> Merge(Company company, const CompanyChange& change);

// The books after the change.
Books Merge(Books books, const Books& change);

// What a display name comes to.
struct Availability {
  CompanyId id;  // may be no valid ID where it is not available
  bool available = false;
};

// The entry of a company's metadata that says what join links to its rooms begin with.
inline constexpr char kJoinLinkBase[] = "joinLinkBase";

// PROTOCOL_ERROR unless empty, or an https address (text/page.h) without query and fragment.
absl::Status CheckJoinLinkBase(absl::string_view base);

// What the company's join links begin with, without a slash at its end; empty where it says nothing
// of it that holds.
std::string JoinLinkBaseOf(const Company& company);

// PROTOCOL_ERROR unless empty, or https and ending in .png.
absl::Status CheckLogoUrl(absl::string_view field, absl::string_view url);

}  // namespace usher::company
