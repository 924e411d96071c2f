#include "services/company/company_description_rpc.h"

#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"

namespace usher::company {

namespace internal_wire = ::usher::internal::v1;

CompanyDescriptionRpc::CompanyDescriptionRpc(rpc::Gate& gate, CompanyStore& store) : store_(store) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.CompanyDescriptions");
  bind.ServeInternal(
      "describeCompany", {"auth", "room"},
      {.name = "internal.describeCompany", .lane = rpc::Lane::kStatement, .reads = true},
      &CompanyDescriptionRpc::Describe);
}

absl::Status CompanyDescriptionRpc::Describe(const CallContext& call,
                                             const internal_wire::DescribeCompanyRequest& request,
                                             internal_wire::DescribeCompanyReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId id, CompanyIdFromWire("company_id", request.company_id()));
  CompanyPage page;
  page.only = {id};
  page.in_full = id;
  page.with_metadata = true;
  ASSIGN_OR_RETURN(const std::vector<Company> found, store_.List(call, page));
  reply.set_found(!found.empty());
  if (found.empty()) return absl::OkStatus();
  reply.set_display_name(found.front().display_name);
  const Branding& branding = found.front().branding;
  if (branding.enabled) reply.set_branding_title(branding.title);
  reply.set_join_link_base(JoinLinkBaseOf(found.front()));
  return absl::OkStatus();
}

}  // namespace usher::company
