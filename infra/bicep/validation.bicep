metadata description = 'What parameters must say together. Each function gives back what it was given, or fails with a sentence, before anything is deployed.'

import { environmentName, eventHubsSettings, retentionDays, scale, stamp, stampName, storageSku } from 'types.bicep'

@description('Whether a share is two whole numbers of percent, the first not above the second.')
func isShare(share string) bool =>
  length(split(share, '-')) != 2
    ? false
    : empty(split(share, '-')[0]) || empty(split(share, '-')[1])
        ? false
        : int(split(share, '-')[0]) <= int(split(share, '-')[1]) && int(split(share, '-')[1]) <= 100

@description('The shares that are not empty, in their order on the ring.')
func ranges(stamps stamp[]) { from: int, to: int }[] =>
  sort(
    filter(
      map(stamps, s => { from: int(split(s.share, '-')[0]), to: int(split(s.share, '-')[1]) }),
      range => range.from < range.to
    ),
    (left, right) => left.from < right.from
  )

@description('Whether ranges begin at 0, end at 100 and leave no gap and no overlap.')
func makeUpTheRing(all { from: int, to: int }[]) bool =>
  empty(all)
    ? false
    : first(all)!.from == 0 && last(all)!.to == 100 && empty(filter(
        range(1, length(all) - 1),
        i => all[i].from != all[i - 1].to
      ))

@export()
@description('Stamps whose names differ, whose shares make up all sources, and among which the active one is.')
func checkedStamps(stamps stamp[], active stampName) stamp[] => length(union(map(stamps, s => s.name), [])) != length(stamps) ? fail('Two stamps have the same name: each of blue and green can be there once') : !contains(map(stamps, s => s.name), active) ? fail('activeStamp is \'${active}\', but the stamps are ${join(map(stamps, s => s.name), ', ')}: name one of them') : !empty(filter(stamps, s => !isShare(s.share))) ? fail('The share \'${first(filter(stamps, s => !isShare(s.share)))!.share}\' is not from-to in percent, such as 0-100, 0-10 or 0-0') : !makeUpTheRing(ranges(stamps)) ? fail('The shares of the stamps (${join(map(stamps, s => '${s.name} ${s.share}'), ', ')}) do not make up 0-100 once: some sources would be started by no stamp, or by two') : stamps

@export()
@description('Public access, which preprod and prod do not have.')
func checkedPublicAccess(publicAccess bool, environment environmentName) bool =>
  publicAccess && contains(['preprod', 'prod'], environment)
    ? fail('publicAccess is true in ${environment}: preprod and prod are reached through private endpoints only')
    : publicAccess

@export()
@description('Addresses of alerts, which preprod and prod must have.')
func checkedAlertEmails(emails string[], environment environmentName) string[] =>
  empty(emails) && contains(['preprod', 'prod'], environment)
    ? fail('alertEmails is empty in ${environment}: nobody would hear of an alert')
    : !empty(filter(emails, email => !contains(email, '@')))
        ? fail('alertEmails holds \'${first(filter(emails, email => !contains(email, '@')))!}\', which is no address')
        : emails

@export()
@description('The first day of a month.')
func checkedBudgetStart(start string) string =>
  length(start) != 10 || !endsWith(start, '-01')
    ? fail('budgetStart is \'${start}\': a budget begins on the first day of a month, yyyy-MM-01')
    : start

@export()
@description('An address range that the three subnets fit into.')
func checkedAddressPrefix(prefix string) string =>
  parseCidr(prefix).cidr > 24
    ? fail('addressPrefix is ${prefix}: three subnets of 64 addresses need a /24 or larger')
    : parseCidr(prefix).cidr < 8 ? fail('addressPrefix is ${prefix}: a virtual network is a /8 at most') : prefix

@export()
@description('Days that do not contradict each other, nor the tiers that the account has.')
func checkedRetention(retention retentionDays, sku storageSku) retentionDays =>
  retention.landingDays < retention.landingImmutableDays
    ? fail('retention: landing is deleted after ${retention.landingDays} days but immutable for ${retention.landingImmutableDays}')
    : retention.auditDays < retention.auditImmutableDays
        ? fail('retention: audit is deleted after ${retention.auditDays} days but immutable for ${retention.auditImmutableDays}')
        : retention.coldAfterDays <= retention.coolAfterDays
            ? fail('retention: coldAfterDays (${retention.coldAfterDays}) is not after coolAfterDays (${retention.coolAfterDays})')
            : retention.archiveAfterDays > 0 && contains(sku, 'ZRS')
                ? fail('retention: archiveAfterDays is ${retention.archiveAfterDays}, but ${sku} has no archive tier: 0, or an account that is not zone redundant')
                : retention.archiveAfterDays > 0 && retention.archiveAfterDays <= retention.coldAfterDays
                    ? fail('retention: archiveAfterDays (${retention.archiveAfterDays}) is not after coldAfterDays (${retention.coldAfterDays})')
                    : retention

@export()
@description('A guaranteed lag of the second region, which needs a second region.')
func checkedGeoPriority(geoPriority bool, sku storageSku) bool =>
  geoPriority && !contains(sku, 'G') ? fail('geoPriority is true, but ${sku} has no second region') : geoPriority

@export()
@description('A namespace that its tier allows.')
func checkedEventHubs(settings eventHubsSettings) eventHubsSettings =>
  settings.sku == 'Standard' && settings.retentionHours > 168
    ? fail('eventHubs keeps events ${settings.retentionHours} hours, and Standard keeps them 168: fewer, or Premium')
    : settings.sku == 'Premium' && settings.maximumThroughputUnits > 0
        ? fail('eventHubs.maximumThroughputUnits is ${settings.maximumThroughputUnits}, and Premium does not grow by itself: 0')
        : settings.maximumThroughputUnits > 0 && settings.maximumThroughputUnits < settings.capacity
            ? fail('eventHubs.maximumThroughputUnits (${settings.maximumThroughputUnits}) is below capacity (${settings.capacity})')
            : settings

@export()
@description('A scale that zone redundancy, its own maximum and the names of groups agree with.')
func checkedScale(scaling scale, zoneRedundant bool) scale =>
  zoneRedundant && !empty(filter(scaling.alwaysReady, ready => ready.instanceCount < 2))
    ? fail('alwaysReady of \'${first(filter(scaling.alwaysReady, ready => ready.instanceCount < 2))!.name}\' is 1: with zoneRedundant it is two at least, one for each of two zones')
    : !empty(filter(
          scaling.alwaysReady,
          ready => !contains(['http', 'durable', 'blob'], ready.name) && !startsWith(ready.name, 'function:')
        ))
        ? fail('alwaysReady names \'${first(filter(scaling.alwaysReady, ready => !contains(['http', 'durable', 'blob'], ready.name) && !startsWith(ready.name, 'function:')))!.name}\': expected http, durable, blob or function:Name')
        : reduce(map(scaling.alwaysReady, ready => ready.instanceCount), 0, (sum, count) => sum + count) > scaling.maximumInstanceCount
            ? fail('alwaysReady keeps more instances than maximumInstanceCount (${scaling.maximumInstanceCount}) allows')
            : scaling

@export()
@description('A short name that every kind of resource takes.')
func checkedWorkload(workload string) string =>
  toLower(workload) != workload || !empty(filter(['-', '_', '.', ' '], c => contains(workload, c)))
    ? fail('workload is \'${workload}\': lower-case letters and digits only, because storage accounts take nothing else')
    : workload

@export()
@description('A name that Azure takes.')
func checkedName(name string, most int) string =>
  length(name) > most
    ? fail('The name \'${name}\' has ${length(name)} characters, and Azure takes ${most}: shorten workload')
    : name
