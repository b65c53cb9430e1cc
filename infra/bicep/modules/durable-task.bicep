metadata name = 'Durable Task Scheduler'
metadata description = 'Where orchestrations keep their history: a task hub for each stamp, so that no version replays what another began.'

import { identity, operator, privateLink, roles, schedulerSettings, tagSet } from '../types.bicep'

@description('Required. Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Tier, size and retention.')
param settings schedulerSettings

@description('Required. Names of the task hubs.')
@minLength(1)
param hubs string[]

@description('Required. Whether the scheduler has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('Required. Identity of the agents\' app, which starts and answers runs.')
param agents identity

@description('Required. Identity of the orchestrators\' app, which runs them.')
param orchestrators identity

@description('Required. Who operates the platform: they see runs on the dashboard, suspend and end them.')
param operators operator[]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: settings.sku == 'Dedicated' ? { name: settings.sku, capacity: settings.capacity } : { name: settings.sku }
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    // An empty list admits nobody, which is right where private endpoints are the way in.
    ipAllowlist: publicAccess ? ['0.0.0.0/0'] : []
  }

  resource taskHubs 'taskHubs' = [for hub in hubs: { name: hub }]

  resource history 'retentionPolicies' = {
    name: 'default'
    properties: { retentionPolicies: [{ retentionPeriodInDays: settings.historyDays }] }
  }
}

resource agentsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (hub, i) in hubs: {
    name: guid(scheduler::taskHubs[i].id, 'agents', 'Durable Task Data Contributor')
    scope: scheduler::taskHubs[i]
    properties: {
      principalId: agents.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Durable Task Data Contributor']
      )
      description: 'The agents start runs in ${hub} and answer them.'
    }
  }
]

resource orchestratorsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (hub, i) in hubs: {
    name: guid(scheduler::taskHubs[i].id, 'orchestrators', 'Durable Task Data Contributor')
    scope: scheduler::taskHubs[i]
    properties: {
      principalId: orchestrators.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Durable Task Data Contributor']
      )
      description: 'The orchestrators run what is in ${hub}.'
    }
  }
]

resource operatorsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(scheduler.id, operator.principalId, 'Durable Task Data Contributor')
    scope: scheduler
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Durable Task Data Contributor']
      )
      description: 'Operators see runs on the dashboard, suspend and end them.'
    }
  }
]

module endpoint 'private-endpoint.bicep' = if (!publicAccess) {
  params: {
    targetName: name
    targetId: scheduler.id
    groupId: 'scheduler'
    subnetId: link!.subnetId
    zoneIds: [link!.zones.scheduler]
    location: location
    tags: tags
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: scheduler
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Address of the scheduler.')
output endpoint string = scheduler.properties.endpoint
