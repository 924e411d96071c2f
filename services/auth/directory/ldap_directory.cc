#include "services/auth/directory/ldap_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/directory/directory_errors.h"
#include "services/auth/directory/ldap_names.h"

namespace usher::auth {
namespace {

// A connection that nobody has used for longer may have died without a word.
constexpr absl::Duration kLongestIdle = absl::Seconds(30);
// Kept of what is left of a call, for telling the client.
constexpr absl::Duration kToAnswer = absl::Milliseconds(100);
// The same trouble is told once in this time.
constexpr absl::Duration kBetweenWarnings = absl::Seconds(30);

constexpr char kAnything[] = "(objectClass=*)";

// Whoever waits has a thread of the lane: short, so that people of other companies come past.
rpc::BulkheadOptions Door(const DirectorySettings& settings, prometheus::Registry* registry) {
  return {.most = settings.connections,
          .patience = absl::Milliseconds(250),
          .timeouts = 5,
          .pause = absl::Seconds(2),
          .fair_time = absl::Milliseconds(250),
          .registry = registry};
}

std::string ValueOf(const LdapEntry& entry, const std::string& attribute) {
  const auto found = entry.values.find(attribute);
  return found == entry.values.end() ? std::string() : found->second;
}

}  // namespace

LdapDirectory::LdapDirectory(DirectorySettings settings, prometheus::Registry* registry,
                             const Clock& clock)
    : settings_(std::move(settings)),
      name_(absl::StrCat("the directory of ", settings_.company.value())),
      clock_(clock),
      door_(name_, Door(settings_, registry), clock_) {}

LdapDirectory::Found LdapDirectory::Recognise(const CallContext& call,
                                              const DirectoryProof& proof) {
  if (IsBlank(proof.password)) return std::optional<DirectoryPerson>();
  return On(call,
            [&](Line& line, absl::Time deadline) { return RecogniseOn(line, proof, deadline); });
}

LdapDirectory::Found LdapDirectory::Find(const CallContext& call, const std::string& username) {
  return On(call,
            [&](Line& line, absl::Time deadline) { return FindOn(line, username, deadline); });
}

LdapDirectory::Found LdapDirectory::On(const CallContext& call,
                                       absl::FunctionRef<Found(Line&, absl::Time)> ask) {
  absl::StatusOr<rpc::Bulkhead::Place> place = door_.Enter(call.deadline);
  if (!place.ok()) {
    return absl::IsUnavailable(place.status()) ? DirectoryFailed() : place.status();
  }
  const absl::Time deadline = std::min(clock_.Now() + settings_.timeout, call.deadline - kToAnswer);
  LinePtr line = Take();
  const bool kept = line != nullptr;
  if (!kept) line = std::make_unique<Line>();
  Found found = ask(*line, deadline);
  if (kept && absl::IsUnavailable(found.status())) {
    line = std::make_unique<Line>();
    found = ask(*line, deadline);
  }
  // Who is told at once that nobody is there has not waited: the door does not count it.
  if (absl::IsDeadlineExceeded(found.status()) || absl::IsUnavailable(found.status())) {
    place->TimedOut();
  } else {
    place->Answered();
  }
  if (!found.ok()) return Judged(call, found.status());
  PutBack(std::move(line));
  return found;
}

LdapDirectory::LinePtr LdapDirectory::Take() {
  const absl::Time now = clock_.Now();
  std::vector<LinePtr> old;  // closed without the lock
  const absl::MutexLock lock(&mutex_);
  LinePtr taken;
  if (!lines_.empty() && lines_.back()->used_at + kLongestIdle > now) {
    taken = std::move(lines_.back());
    lines_.pop_back();
  }
  // All before it are older.
  while (!lines_.empty() && lines_.front()->used_at + kLongestIdle <= now) {
    old.push_back(std::move(lines_.front()));
    lines_.erase(lines_.begin());
  }
  return taken;
}

void LdapDirectory::PutBack(LinePtr line) {
  line->used_at = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  lines_.push_back(std::move(line));
}

LdapDirectory::Found LdapDirectory::RecogniseOn(Line& line, const DirectoryProof& proof,
                                                absl::Time deadline) {
  return settings_.user_dn.empty() ? RecogniseBySearch(line, proof, deadline)
                                   : RecogniseByPattern(line, proof, deadline);
}

LdapDirectory::Found LdapDirectory::RecogniseBySearch(Line& line, const DirectoryProof& proof,
                                                      absl::Time deadline) {
  const std::optional<DirectoryPerson> nobody;
  ASSIGN_OR_RETURN(const std::optional<LdapEntry> entry, Entry(line, proof.username, deadline));
  if (!entry.has_value() || !FitsNames(proof, entry->dn)) {
    RETURN_IF_ERROR(RecogniseNobody(line, proof, deadline));
    return nobody;
  }
  ASSIGN_OR_RETURN(LdapConnection* const entrance, Entrance(line, deadline));
  ASSIGN_OR_RETURN(const bool signed_in, entrance->Bind(entry->dn, proof.password, deadline));
  if (!signed_in) return nobody;
  return PersonOf(*entry, proof.username);
}

LdapDirectory::Found LdapDirectory::RecogniseByPattern(Line& line, const DirectoryProof& proof,
                                                       absl::Time deadline) {
  const std::optional<DirectoryPerson> nobody;
  const std::string dn = FilledPattern(settings_.user_dn, proof.username);
  if (!FitsNames(proof, dn)) {
    RETURN_IF_ERROR(RecogniseNobody(line, proof, deadline));
    return nobody;
  }
  ASSIGN_OR_RETURN(LdapConnection* const entrance, Entrance(line, deadline));
  ASSIGN_OR_RETURN(const bool signed_in, entrance->Bind(dn, proof.password, deadline));
  if (!signed_in) return nobody;
  // As whoever has just signed in: people may read what is about themselves.
  ASSIGN_OR_RETURN(const std::vector<LdapEntry> entries,
                   entrance->Search(dn, LdapConnection::Scope::kEntry, FilterFor(proof.username),
                                    Attributes(), deadline));
  if (!entries.empty()) return PersonOf(entries.front(), proof.username);
  if (!settings_.filter.empty()) return nobody;
  if (settings_.attributes.id.empty()) {
    return std::optional<DirectoryPerson>(DirectoryPerson{.name = proof.username});
  }
  return absl::FailedPreconditionError("people cannot read their own entries");
}

LdapDirectory::Found LdapDirectory::FindOn(Line& line, const std::string& username,
                                           absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::optional<LdapEntry> entry, Entry(line, username, deadline));
  if (!entry.has_value()) return std::optional<DirectoryPerson>();
  return PersonOf(*entry, username);
}

absl::StatusOr<std::optional<LdapEntry>> LdapDirectory::Entry(Line& line,
                                                              const std::string& username,
                                                              absl::Time deadline) {
  const bool by_pattern = !settings_.user_dn.empty();
  ASSIGN_OR_RETURN(LdapConnection* const finder, Finder(line, deadline));
  ASSIGN_OR_RETURN(
      std::vector<LdapEntry> entries,
      finder->Search(by_pattern ? FilledPattern(settings_.user_dn, username) : settings_.base,
                     by_pattern ? LdapConnection::Scope::kEntry : LdapConnection::Scope::kBelow,
                     FilterFor(username), Attributes(), deadline));
  if (entries.size() > 1) {
    log::Warning("a name fits several entries of a directory, and so nobody",
                 {{"company", settings_.company.value()},
                  {"one", entries[0].dn},
                  {"another", entries[1].dn}});
  }
  if (entries.size() != 1) return std::optional<LdapEntry>();
  // Directories compare more loosely than we do: what they take for the same name may be two here.
  const std::string name = ValueOf(entries.front(), settings_.attributes.name);
  if (!name.empty() && !IsSameName(name, username)) return std::optional<LdapEntry>();
  return std::optional<LdapEntry>(std::move(entries.front()));
}

absl::StatusOr<LdapConnection*> LdapDirectory::Finder(Line& line, absl::Time deadline) {
  if (line.finder != nullptr) return line.finder.get();
  ASSIGN_OR_RETURN(std::unique_ptr<LdapConnection> opened,
                   LdapConnection::Open(settings_, deadline));
  if (!settings_.bind_dn.empty()) {
    ASSIGN_OR_RETURN(const bool signed_in,
                     opened->Bind(settings_.bind_dn, settings_.bind_password, deadline));
    if (!signed_in) {
      return absl::FailedPreconditionError(
          absl::StrCat("it refuses ", settings_.bind_dn, " with the password of the file"));
    }
  }
  line.finder = std::move(opened);
  return line.finder.get();
}

absl::StatusOr<LdapConnection*> LdapDirectory::Entrance(Line& line, absl::Time deadline) {
  if (line.entrance == nullptr) {
    ASSIGN_OR_RETURN(line.entrance, LdapConnection::Open(settings_, deadline));
  }
  return line.entrance.get();
}

absl::Status LdapDirectory::RecogniseNobody(Line& line, const DirectoryProof& proof,
                                            absl::Time deadline) {
  ASSIGN_OR_RETURN(LdapConnection* const entrance, Entrance(line, deadline));
  // A name that no entry has.
  const std::string dn = settings_.user_dn.empty()
                             ? absl::StrCat("cn=", NewUuid(), ",", settings_.base)
                             : FilledPattern(settings_.user_dn, NewUuid());
  return entrance->Bind(dn, proof.password, deadline).status();
}

LdapDirectory::Found LdapDirectory::PersonOf(const LdapEntry& entry,
                                             const std::string& username) const {
  const DirectoryAttributes& attributes = settings_.attributes;
  DirectoryPerson person;
  person.name = ValueOf(entry, attributes.name);
  if (person.name.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("entries show no ", attributes.name, " (name_attribute)"));
  }
  if (!IsSameName(person.name, username)) return std::optional<DirectoryPerson>();
  person.id = ValueOf(entry, attributes.id);
  if (person.id.empty() && !attributes.id.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("entries show no ", attributes.id, " (id_attribute)"));
  }
  person.email = ValueOf(entry, attributes.email);
  person.firstname = ValueOf(entry, attributes.firstname);
  person.lastname = ValueOf(entry, attributes.lastname);
  person.title = ValueOf(entry, attributes.title);
  return std::optional<DirectoryPerson>(std::move(person));
}

// Nobody gets elsewhere by them.
bool LdapDirectory::FitsNames(const DirectoryProof& proof, const std::string& dn) const {
  if (!proof.bind_dn.empty() && !IsSameDn(proof.bind_dn, dn)) return false;
  if (proof.search_dn.empty() || IsSameDn(proof.search_dn, dn)) return true;
  return !settings_.base.empty() && IsSameDn(proof.search_dn, settings_.base);
}

std::string LdapDirectory::FilterFor(const std::string& username) const {
  return settings_.filter.empty() ? kAnything : FilledPattern(settings_.filter, username);
}

std::vector<std::string> LdapDirectory::Attributes() const {
  const DirectoryAttributes& all = settings_.attributes;
  std::vector<std::string> wanted;
  for (const std::string* attribute :
       {&all.name, &all.id, &all.email, &all.firstname, &all.lastname, &all.title}) {
    if (!attribute->empty()) wanted.push_back(*attribute);
  }
  return wanted;
}

absl::Status LdapDirectory::Judged(const CallContext& call, const absl::Status& failure) {
  Warn(call, "a directory cannot be asked", failure.message());
  return DirectoryFailed();
}

void LdapDirectory::Warn(const CallContext& call, absl::string_view what,
                         absl::string_view detail) {
  {
    const absl::Time now = clock_.Now();
    const absl::MutexLock lock(&mutex_);
    if (warned_of_ == detail && now < warned_at_ + kBetweenWarnings) return;
    warned_of_ = std::string(detail);
    warned_at_ = now;
  }
  log::Warning(
      what,
      {{"company", settings_.company.value()}, {"error", detail}, {"request_id", call.request_id}});
}

}  // namespace usher::auth
