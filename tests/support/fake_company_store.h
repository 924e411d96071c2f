// Companies in memory.
#pragma once

#include <algorithm>
#include <map>
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

  absl::StatusOr<bool> IsTaken(const CallContext&, const CompanyId& id) override {
    return companies_.count(id) > 0;
  }

  absl::StatusOr<bool> Update(const CallContext&, const CompanyId& id,
                              const DecideUpdate& decide) override {
    const auto found = companies_.find(id);
    if (found == companies_.end()) return false;
    ASSIGN_OR_RETURN(Company changed, decide(found->second));
    found->second.display_name = std::move(changed.display_name);
    found->second.branding = std::move(changed.branding);
    found->second.metadata = std::move(changed.metadata);
    found->second.books = std::move(changed.books);
    return true;
  }

  absl::StatusOr<bool> InsertActive(const CallContext&, const Company& company) override {
    return companies_.emplace(company.id, company).second;
  }

  absl::StatusOr<bool> NameOwner(const CallContext&, const CompanyId& id,
                                 const UserId& owner) override {
    const auto found = companies_.find(id);
    if (found == companies_.end() || !found->second.owner.empty()) return false;
    found->second.owner = owner;
    return true;
  }

 private:
  std::map<CompanyId, Company> companies_;
};

}  // namespace usher::company
