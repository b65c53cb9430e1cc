metadata name = 'Event Hubs'
metadata description = 'The stream of lifecycle events, by AMQP and by Kafka, with a consumer group for every module that listens.'

import { eventConsumer, eventHubsSettings, identity, privateLink, roles, tagSet } from '../types.bicep'

@description('Required. Globally unique name of the namespace.')
@minLength(6)
@maxLength(50)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Tier, size and retention.')
param settings eventHubsSettings

@description('Required. Modules downstream.')
param consumers eventConsumer[]

@description('Required. Whether the namespace has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('Required. Identity of the agents\' app, which publishes and keeps the audit trail.')
param agents identity

@description('What the agents do with the hub.')
var agentsRoles = ['Azure Event Hubs Data Sender', 'Azure Event Hubs Data Receiver']

@description('Whether the namespace grows by itself.')
var inflates = settings.sku == 'Standard' && settings.maximumThroughputUnits > settings.capacity

resource namespace 'Microsoft.EventHub/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: settings.sku, tier: settings.sku, capacity: settings.capacity }
  properties: {
    disableLocalAuth: true
    isAutoInflateEnabled: inflates
    maximumThroughputUnits: inflates ? settings.maximumThroughputUnits : 0
    kafkaEnabled: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }

  resource hub 'eventhubs' = {
    name: 'ingestion-events'
    properties: {
      partitionCount: settings.partitionCount
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: settings.retentionHours }
    }

    resource audit 'consumergroups' = {
      name: 'audit'
      properties: { userMetadata: 'The audit trail.' }
    }

    resource downstream 'consumergroups' = [
      for consumer in consumers: {
        name: consumer.name
        properties: { userMetadata: 'A module downstream.' }
      }
    ]
  }
}

resource agentsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in agentsRoles: {
    name: guid(namespace::hub.id, 'agents', role)
    scope: namespace::hub
    properties: {
      principalId: agents.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      description: 'The agents publish lifecycle events and keep the audit trail.'
    }
  }
]

resource readersAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (consumer, i) in consumers: if (!empty(consumer.?principalId)) {
    name: guid(namespace::hub::downstream[i].id, 'reader', 'Azure Event Hubs Data Receiver')
    scope: namespace::hub::downstream[i]
    properties: {
      principalId: consumer.principalId!
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Azure Event Hubs Data Receiver']
      )
      description: 'The module downstream reads lifecycle events by its own consumer group.'
    }
  }
]

module endpoint 'private-endpoint.bicep' = if (!publicAccess) {
  params: {
    targetName: name
    targetId: namespace.id
    groupId: 'namespace'
    subnetId: link!.subnetId
    zoneIds: [link!.zones.servicebus]
    location: location
    tags: tags
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host name of the namespace: AMQP on port 5671, Kafka on port 9093.')
output hostName string = split(split(namespace.properties.serviceBusEndpoint, '://')[1], ':')[0]
