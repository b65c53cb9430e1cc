metadata name = 'Alerts of the services below'
metadata description = 'What the services that the platform stands on measure themselves, and what Azure says of their health.'

import { tagSet, watchedApp } from '../../types.bicep'

@description('A rule on a metric of a service.')
@sealed()
type metricRule = {
  @description('Its name behind the prefix.')
  name: string

  @description('Its heading in docs/monitoring.md.')
  topic: string

  @description('What it means when it fires.')
  meaning: string

  @description('1 needs a person now, 2 today, 3 this week.')
  severity: 1 | 2 | 3

  @description('The resource that measures.')
  scope: string

  @description('The namespace of the metric: the type of the resource.')
  namespace: string

  @description('The metric.')
  metric: string

  @description('How its values are put together.')
  aggregation: 'Average' | 'Count' | 'Total'

  @description('How it is compared.')
  operator: 'GreaterThan' | 'LessThan'

  @description('With what.')
  threshold: int

  @description('Only these values of these dimensions, each of which makes an alert.')
  dimensions: {
    @description('The dimension.')
    name: string

    @description('Include.')
    operator: 'Include'

    @description('Its values; * for each.')
    values: string[]
  }[]

  @description('The time that is looked at.')
  window: 'PT5M' | 'PT15M' | 'PT1H' | 'PT6H'

  @description('How often it is looked at.')
  every: 'PT1M' | 'PT5M' | 'PT1H'
}

@description('Required. What names begin with.')
param prefix string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Where the first thing to do is written.')
param guide string

@description('Required. Action group for what needs a person now.')
param criticalActionId string

@description('Required. Action group for what can wait.')
param warningActionId string

@description('Required. The Function Apps of all stamps.')
param apps watchedApp[]

@description('Required. The host storage accounts of all stamps.')
param hostStorageIds string[]

@description('Required. The data storage account.')
param dataStorageId string

@description('Required. The Event Hubs namespace.')
param eventHubsId string

@description('Required. The key vault.')
param vaultId string

@description('Required. Most percent in use of anything that has a limit.')
@minValue(1)
@maxValue(99)
param utilizationPercent int

@description('Required. Most instances that each app may have.')
param maximumInstances {
  @description('The agents\' app.')
  agents: int

  @description('The orchestrators\' app.')
  orchestrators: int
}

@description('Required. Throughput units that the Event Hubs namespace may grow to.')
param throughputUnits int

@description('All storage accounts.')
var accounts = concat(hostStorageIds, [dataStorageId])

@description('The namespace of storage metrics.')
var storage = 'Microsoft.Storage/storageAccounts'

@description('The namespace of Event Hubs metrics.')
var eventHubs = 'Microsoft.EventHub/namespaces'

@description('The namespace of Key Vault metrics.')
var vaults = 'Microsoft.KeyVault/vaults'

@description('Requests in a second that a standard account takes at most in every region: https://learn.microsoft.com/azure/storage/common/scalability-targets-standard-account')
var accountRequests = 20000

@description('Bytes that a standard account holds at most: 5 PiB.')
var accountBytes = 5629499534213120

@description('Bytes and events that a throughput unit takes in a second: https://learn.microsoft.com/azure/event-hubs/event-hubs-scalability')
var unit = { bytes: 1048576, events: 1000 }

@description('What throttles a request to storage.')
var throttled = ['ClientThrottlingError', 'ClientAccountBandwidthThrottlingError', 'ClientAccountRequestThrottlingError', 'ServerBusyError', 'SuccessWithThrottling']

@description('Alerts of each storage account.')
var storageRules metricRule[] = flatten(map(accounts, account => [
  {
    name: 'storage-unavailable-${last(split(account, '/'))}'
    topic: 'storage-unavailable'
    meaning: 'A storage account answers with faults of its own. Work is repeated by itself when it is back.'
    severity: 1
    scope: account
    namespace: storage
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    dimensions: []
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'storage-throttled-${last(split(account, '/'))}'
    topic: 'storage-throttled'
    meaning: 'A storage account refuses requests because there are too many.'
    severity: 2
    scope: account
    namespace: storage
    metric: 'Transactions'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    dimensions: [{ name: 'ResponseType', operator: 'Include', values: throttled }]
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'storage-denied-${last(split(account, '/'))}'
    topic: 'storage-denied'
    meaning: 'A storage account refuses somebody: an identity has lost a role, or somebody without one tries.'
    severity: 1
    scope: account
    namespace: storage
    metric: 'Transactions'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    dimensions: [{ name: 'ResponseType', operator: 'Include', values: ['AuthorizationError', 'AuthenticationError'] }]
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'storage-requests-${last(split(account, '/'))}'
    topic: 'storage-busy'
    meaning: 'A storage account gets nearly as many requests as it takes.'
    severity: 2
    scope: account
    namespace: storage
    metric: 'Transactions'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: accountRequests * 300 * utilizationPercent / 100
    dimensions: []
    window: 'PT5M'
    every: 'PT5M'
  }
  {
    name: 'storage-capacity-${last(split(account, '/'))}'
    topic: 'storage-busy'
    meaning: 'A storage account is nearly full.'
    severity: 3
    scope: account
    namespace: storage
    metric: 'UsedCapacity'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: accountBytes / 100 * utilizationPercent
    dimensions: []
    window: 'PT6H'
    every: 'PT1H'
  }
]))

@description('Alerts of the Event Hubs namespace.')
var eventRules metricRule[] = [
  {
    name: 'events-throttled'
    topic: 'events-throttled'
    meaning: 'Event Hubs refuses events because there are too many. They wait in the outbox and are sent again.'
    severity: 2
    scope: eventHubsId
    namespace: eventHubs
    metric: 'ThrottledRequests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 0
    dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'events-failing'
    topic: 'events-failing'
    meaning: 'Event Hubs answers with faults of its own.'
    severity: 2
    scope: eventHubsId
    namespace: eventHubs
    metric: 'ServerErrors'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'events-bytes'
    topic: 'events-busy'
    meaning: 'Event Hubs gets nearly as many bytes as its throughput units take.'
    severity: 2
    scope: eventHubsId
    namespace: eventHubs
    metric: 'IncomingBytes'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: unit.bytes * 300 * throughputUnits / 100 * utilizationPercent
    dimensions: []
    window: 'PT5M'
    every: 'PT5M'
  }
  {
    name: 'events-messages'
    topic: 'events-busy'
    meaning: 'Event Hubs gets nearly as many events as its throughput units take.'
    severity: 2
    scope: eventHubsId
    namespace: eventHubs
    metric: 'IncomingMessages'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: unit.events * 300 * throughputUnits / 100 * utilizationPercent
    dimensions: []
    window: 'PT5M'
    every: 'PT5M'
  }
]

@description('Alerts of the key vault.')
var vaultRules metricRule[] = [
  {
    name: 'vault-denied'
    topic: 'vault-denied'
    meaning: 'The key vault refuses somebody: an identity has lost a role, or somebody without one tries.'
    severity: 1
    scope: vaultId
    namespace: vaults
    metric: 'ServiceApiResult'
    aggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['403'] }]
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'vault-unavailable'
    topic: 'vault-unavailable'
    meaning: 'The key vault does not answer: data keys cannot be unwrapped and secrets not be read.'
    severity: 1
    scope: vaultId
    namespace: vaults
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    dimensions: []
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'vault-busy'
    topic: 'vault-busy'
    meaning: 'The key vault gets nearly as many requests as it takes.'
    severity: 2
    scope: vaultId
    namespace: vaults
    metric: 'SaturationShoebox'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: utilizationPercent
    dimensions: []
    window: 'PT15M'
    every: 'PT5M'
  }
]

@description('Alerts of each app.')
var appRules metricRule[] = map(apps, app => {
  name: 'instances-${app.name}'
  topic: 'instances-at-maximum'
  meaning: 'An app has nearly as many instances as it may: it cannot scale much further.'
  severity: 2
  scope: app.id
  namespace: 'Microsoft.Web/sites'
  metric: 'InstanceCount'
  aggregation: 'Average'
  operator: 'GreaterThan'
  threshold: maximumInstances[app.kind] * utilizationPercent / 100
  dimensions: []
  window: 'PT15M'
  every: 'PT5M'
})

@description('All of them.')
var rules metricRule[] = concat(storageRules, eventRules, vaultRules, appRules)

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in rules: {
    name: '${prefix}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.meaning} First thing to do: ${guide}${rule.topic}'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [rule.scope]
      evaluationFrequency: rule.every
      windowSize: rule.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.metric
            metricNamespace: rule.namespace
            metricName: rule.metric
            timeAggregation: rule.aggregation
            operator: rule.operator
            threshold: rule.threshold
            dimensions: rule.dimensions
            skipMetricValidation: true
          }
        ]
      }
      actions: [
        {
          actionGroupId: rule.severity == 1 ? criticalActionId : warningActionId
          webHookProperties: { guide: '${guide}${rule.topic}' }
        }
      ]
    }
  }
]

resource resourceHealth 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: '${prefix}-resource-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'Azure says that one of our resources is not available. First thing to do: ${guide}resource-health'
    enabled: true
    scopes: [resourceGroup().id]
    condition: {
      allOf: [
        { field: 'category', equals: 'ResourceHealth' }
        { field: 'properties.currentHealthStatus', containsAny: ['Unavailable', 'Degraded'] }
        { field: 'properties.cause', containsAny: ['PlatformInitiated', 'Unknown'] }
      ]
    }
    actions: { actionGroups: [{ actionGroupId: criticalActionId }] }
  }
}

resource serviceHealth 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: '${prefix}-service-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'Azure has an incident or announces something that concerns this subscription. First thing to do: ${guide}service-health'
    enabled: true
    scopes: [subscription().id]
    condition: { allOf: [{ field: 'category', equals: 'ServiceHealth' }] }
    actions: { actionGroups: [{ actionGroupId: warningActionId }] }
  }
}
