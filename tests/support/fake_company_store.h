// Companies in memory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/status/try.h"
#include "services/company/company_errors.h"
#include "services/company/company_store.h"
#include "services/company/company_wire.h"

namespace usher::company {

// Not thread-safe. Held to company_store_contract.h, like the real one.
class FakeCompanyStore final : public CompanyStore {
 public:
  absl::StatusOr<std::vector<Company>> List(const CallContext&, const CompanyPage& page) override {
    std::vector<Company> found;
    size_t bytes = 0;
    for (auto at = companies_.lower_bound(page.first); at != companies_.end(); ++at) {
      if (found.size() == page.limit) break;
      if (page.only && std::count(page.only->begin(), page.only->end(), at->first) == 0) continue;
      Company company = at->second;
      const bool in_full = page.in_full.empty() || page.in_full == company.id;
      if (!page.with_metadata || page.ids_only || !in_full) company.metadata.clear();
      bytes += page.ids_only ? company.id.value().size() : ToWire(company).ByteSizeLong();
      found.push_back(std::move(company));
    }
    if (bytes > page.most_bytes) return ReplyTooLarge();
    return found;
  }

  absl::StatusOr<std::optional<Company>> Find(const CallContext&, const CompanyId& id) override {
    const auto found = companies_.find(id);
    if (found == companies_.end()) return std::optional<Company>();
    return std::optional<Company>(found->second);
  }

  absl::StatusOr<bool> IsTaken(const CallContext&, const CompanyId& id) override {
    return companies_.count(id) > 0;
  }

  absl::StatusOr<std::optional<Company>> Update(const CallContext&, const CompanyId& id,
                                                const CompanyChange& change) override {
    const auto found = companies_.find(id);
    if (found == companies_.end()) return std::optional<Company>();
    Company company = found->second;
    if (!change.display_name.empty()) company.display_name = change.display_name;
    if (change.branding.has_value()) company.branding = *change.branding;
    company.metadata = text::MergeMetadata(company.metadata, change.metadata);
    RETURN_IF_ERROR(text::CheckMetadata("company.metadata", company.metadata));
    found->second = company;
    return std::optional<Company>(company);
  }

  absl::StatusOr<bool> InsertActive(const CallContext&, const Company& company) override {
    return companies_.emplace(company.id, company).second;
  }

 private:
  std::map<CompanyId, Company> companies_;
};

}  // namespace usher::company
